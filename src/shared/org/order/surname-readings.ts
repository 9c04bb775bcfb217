/**
 * Surnames by how they are read as surnames (单 shàn, 曾 zēng, 仇 qiú, 查 zhā, 区 ōu, 朴 piáo, 覃 qín), in the order of pinyin: letters,
 * then tone; characters of one reading by strokes. A reading without a character is there for a compound surname.
 */
export const SURNAME_READINGS = `
a1阿 ai4艾 an1安 ao2敖 ba1巴 bai2白 bai3 bao1包 bao4鲍 bi4毕闭 bian1边
bian4卞 bo2薄 bu3卜 bu4步 cai3采 cai4蔡 cao2曹 cen2岑 chai2柴 chang1昌
chang2常 chao1钞超 chao2晁 che1车 chen2沉陈谌 cheng2成承程 chi2池迟
chong2种崇 chou3丑 chu1初 chu3储楚褚 chun1春 chun2淳 ci4次 cong2从丛
cui1崔 cun4寸 da2达笪答 dai4代戴 dan4但 dang3党 dao1刀 deng4邓 di3邸底
di4 diao1刁 ding1丁 dong1东 dong3董 dou4窦 du1都督 du2 du3堵睹 du4杜
duan1端 duan4段 dun1敦 dun4顿 e2额 e4鄂 en1恩 er3尔 fa3法 fan2凡樊
fan4范 fang1方 fang2房 fei3斐 fei4费 feng1丰封 feng2冯逢 feng4凤奉
fu2伏扶符福 fu3甫 fu4付傅富 gan1干甘 gao1皋高 ge1戈 ge3盖葛 geng3耿
gong1弓公宫龚 gong3巩 gong4贡 gou1勾 gou3苟 gu1沽辜 gu3古谷 gu4顾 guan1关官
guan3管 gui1妫 gui4桂 guo1过郭 guo2国 ha3哈 hai3海 han2韩寒 hang2杭
hao3好郝 hao4浩 he2合何和 he4贺赫 hei1黑 heng2衡 hong2弘红宏洪 hou2侯
hou4后厚 hu1呼 hu2胡 hu4户扈 hua1花 hua2滑 hua4华 huai2怀 huan2郇桓
huan4宦 huang2皇黄 hui4惠 hun2浑 huo3火 huo4或霍 ji1姬嵇 ji2吉籍 ji3纪
ji4计季暨冀 jia1家嘉 jia2 jia3贾 jian1坚 jian3检简 jian4见剑 jiang1江姜
jiang3蒋 jiang4降 jiao1交郊焦 jiao3矫 jie1揭 jin1金 jin4晋 jing1京经荆
jing3井景 jing4敬静 jiu3九 jiu4旧 ju1居鞠 ju2菊 ju4具 kai1开 kan4阚
kang1康 kao3考 ke1柯 kong1空 kong3孔 kou4寇 ku4库 kuang1匡 kuang4邝旷况
kui2葵 lai2来 lai4赖 lan2兰蓝 lang2郎 lang3朗 lao2劳 lao3老 lei2雷
leng3冷 li2离黎 li3礼李 li4厉利郦栗 lian2连廉 lian4练 liang2良梁 liao2辽
liao4廖 lie4列 lin2林 lin4蔺 ling2凌 ling4令 liu2刘留 liu3柳 long2龙隆
lou2娄楼 lu2卢芦 lu3鲁 lu4陆鹿禄路 lü2 lü3吕 luo2罗 luo4洛骆 ma2麻 ma3马
mai4麦 man3满 mao2毛茅 mao3卯 mao4冒 mei2梅 men2门 meng2蒙 meng4孟
mi2弥 mi3米 mi4宓 miao2苗 miao4缪 min3闵 ming2明铭 mo4莫墨 mou2牟
mu4木沐牧慕穆 na1那 na4 nai3乃 nai4佴能 nan2南 ni2倪 nian2年 nie4聂
ning2宁 niu2牛 niu3钮 nong2农 ou1区欧 pan1潘 pan2盘 pang2庞逄 pei2裴
peng2彭蓬 pi2皮 pian4片 piao2朴 ping2平 po2繁 pu2蒲濮 pu3浦普 qi1戚漆
qi2亓齐祁其奇綦 qi3启起 qian1千 qian2钱乾 qiang2强 qiao2乔 qin1钦 qin2秦覃
qing1青清 qing4庆 qiu1丘邱 qiu2仇求裘 qu1曲屈 qu2璩瞿 quan2权全泉 qun2群
ran3冉 rang4让 rao2饶 re4热 ren2仁任 ri4日 rong2戎荣容 rou4肉 ru2茹 ru3汝
ruan3阮 rui4芮 sa3撒 sai4赛 sang1桑 sha1沙 shan1山 shan4单 shang1商
shang4尚 shao4邵 she2折佘 shen1申莘 shen2神 shen3沈 shen4慎 sheng1生
sheng2绳 sheng4盛 shi1师施 shi2石时 shi3史矢 shi4士 shou3首 shu1舒
shu4束 shuai4帅 shuang1双 shui3水 shui4税 si1司思斯 si4姒 song1松
song4宋 su1苏 su4宿粟 sui1眭睢 sui2隋随 sun1孙 suo3索 ta3塔 tai2台邰
tai4太 tan2谈谭檀 tang1汤 tang2唐 tao2陶 te4特 teng2腾滕 ti2提 tian2田
tie3铁 tong1通 tong2仝佟童 tu2图涂屠 tuo3妥 tuo4拓 wa3佤 wan2完 wan3宛
wan4万 wang1汪 wang2王 wei1危 wei2韦 wei3隗 wei4卫位尉魏 wen1温 wen2文闻
wen4问 weng1翁 wo4沃 wu1乌邬巫 wu2吾吴 wu3伍仵武 xi1西析郗奚 xi2习席 xia4夏
xian1鲜 xian2咸 xian3冼洗 xian4线 xiang4向项相 xiao1肖萧 xiao4校 xie4谢解
xin1辛 xin4信 xing1星 xing2邢行 xing4幸 xiong2熊 xiu1修 xu2徐 xu3许
xuan1宣禤 xuan2玄 xue1薛 xun2旬荀 ya1压 ya2牙 ya3雅 yan1鄢燕 yan2闫严言阎颜
yan4彦艳晏 yang2羊阳杨 yang3仰 yao1么 yao2尧姚 yao4药 ye3冶 ye4业叶 yi1伊衣
yi3以 yi4义易益 yin1阴殷 yin2银鄞 yin3尹 yin4印 ying1应英 yong1雍 yong3永
you2尤由游 you4右 yu2于余俞虞 yu3 yu4玉郁遇喻毓 yuan2元园袁原源 yuan4苑 yue4乐岳
yun2云郧 yun3允 yun4员恽 zai3宰 zan2咱 zan3昝 zang1臧 ze2泽 zeng1曾
zha1扎查 zhai2翟 zhai4祭 zhan1詹 zhan3展 zhan4占战湛 zhang1张章 zhang3仉
zhao4兆赵肇 zhe3者 zhen1珍甄 zheng4正郑 zhi1之支芝 zhi2植 zhong1钟
zhong4仲 zhou1周 zhu1朱诸 zhu2竺 zhu4祝 zhuan1专 zhuang1庄 zhuo2卓
zi1资訾 zi3子 zi4自 zong1宗 zou1邹 zu3祖 zuo3左
`

export const COMPOUND_SURNAMES = `
ou1yang2欧阳 shang4guan1上官 si1ma3司马 zhu1ge3诸葛 huang2fu3皇甫 yu4chi2尉迟
dong1fang1东方 mu4rong2慕容 ling2hu2令狐 si1tu2司徒 xia4hou2夏侯 gong1sun1公孙
duan1mu4端木 zhang3sun1长孙 yu3wen2宇文 xuan1yuan2轩辕 du2gu1独孤 nan2gong1南宫
xi1men2西门 wen2ren2闻人 hu1yan2呼延 zhong1li2钟离 shan4yu2单于 tan2tai2澹台
chun2yu2淳于 shen1tu2申屠 gong1ye3公冶 zong1zheng4宗政 pu2yang2濮阳 tai4shu1太叔
zhong4sun1仲孙 xian1yu2鲜于 lü2qiu1闾丘 si1kong1司空 qi2guan1亓官 si1kou4司寇
zi3ju1子车 zhuan1sun1颛孙 wu1ma3巫马 gong1xi1公西 qi1diao1漆雕 yue4zheng4乐正
tuo4ba2拓跋 jia2gu3夹谷 zai3fu3宰父 gu3liang2谷梁 duan4gan1段干 bai3li3百里
dong1guo1东郭 nan2men2南门 yang2she2羊舌 wei1sheng1微生 liang2qiu1梁丘
zuo3qiu1左丘 dong1men2东门 mo4qi2万俟 he4lian2赫连 di4wu3第五 na4lan2纳兰
wan2yan2完颜 ye4he4叶赫 ai4xin1jue2luo2爱新觉罗
`
