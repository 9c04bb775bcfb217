/**
 * The worker of pdf.js, as it is built, asking `bounded-pictures.ts` before it unfolds a picture. It has no place for this by itself.
 * Guaranteed: another version, in which the places are not found exactly once, does not build.
 */
interface Place {
  what: string
  /** Names are one or two letters, another each version. */
  at: RegExp
  put: (found: RegExpExecArray) => string
}

const ASK = 'await globalThis.boundedPictures'
const NAME = '([\\w$]+)'
/** Another name may stand in a block of its own without harm. */
const answered = (question: string): string => `{const own=${ASK}.${question};if(own)return own}`

const PLACES: readonly Place[] = [
  {
    what: 'a picture, before it is unpacked',
    at: new RegExp(`async createImageData\\(${NAME}=!1,${NAME}=!1\\)\\{`, 'g'),
    put: ([all]) => all + answered('picture(this)'),
  },
  {
    what: 'a stencil, before it is unpacked',
    at: new RegExp(
      `static async createMask\\(\\{image:${NAME},isOffscreenCanvasSupported:${NAME}=!1\\}\\)\\{`,
      'g',
    ),
    put: ([all, image]) =>
      all + answered(`stencilTooLarge(${image}.dict.get("W","Width"),${image}.dict.get("H","Height"))`),
  },
  {
    what: 'the bits of a stencil',
    at: new RegExp(
      `if\\(${NAME}\\)\\{if\\(ImageResizer\\.needsToBeResized\\(${NAME},${NAME}\\)\\)\\{const ${NAME}=new Uint8ClampedArray\\(\\2\\*\\3\\*4\\);` +
        `convertBlackAndWhiteToRGBA\\(\\{src:${NAME},dest:\\4,width:\\2,height:\\3,nonBlackColor:0,inverseDecode:${NAME}\\}\\);` +
        `return ImageResizer\\.createImage\\(\\{kind:${NAME},data:\\4,width:\\2,height:\\3,interpolate:${NAME}\\}\\)\\}`,
      'g',
    ),
    put: ([all, , width, height, , bits, isInverse, , interpolate]) =>
      answered(
        `stencil({bits:${bits},width:${width},height:${height},isInverse:${isInverse},interpolate:${interpolate}})`,
      ) + all,
  },
]

/** @param code of pdf.worker.min.mjs @throws when it is not as it was */
export function patchPdfWorker(code: string): string {
  return PLACES.reduce((whole, { what, at, put }) => {
    const found = [...whole.matchAll(at)]
    if (found.length !== 1) throw new Error(`pdf.js is another: ${what} was found ${found.length} times`)
    const [one] = found
    return whole.slice(0, one!.index) + put(one!) + whole.slice(one!.index + one![0].length)
  }, code)
}
