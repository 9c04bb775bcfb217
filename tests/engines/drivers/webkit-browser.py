"""
The smallest WebKitGTK browser that a driver can hold: one phone-sized window on a profile on disk. MiniBrowser forgets
everything when it is driven, so it can show neither a killed browser that comes back nor a start without the network.
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

if sys.argv[1] == "--version":
    print(f"{WebKit2.get_major_version()}.{WebKit2.get_minor_version()}.{WebKit2.get_micro_version()}")
    sys.exit(0)

profile, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
GLib.set_prgname("window-hall-webkit")
manager = WebKit2.WebsiteDataManager(
    base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache"
)
context = WebKit2.WebContext.new_with_website_data_manager(manager)
context.set_automation_allowed(True)
context.set_preferred_languages(["zh-CN"])
context.get_cookie_manager().set_persistent_storage(
    f"{profile}/cookies.sqlite", WebKit2.CookiePersistentStorage.SQLITE
)


def new_view(_session):
    # Console messages go to the standard output: the driver's protocol has no other way for them. The page cache is on, as in
    # Safari; PAGE_CACHE=0 shows what is not of its doing.
    settings = WebKit2.Settings(
        enable_write_console_messages_to_stdout=True,
        enable_page_cache=os.environ.get("PAGE_CACHE") != "0",
    )
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True, settings=settings)
    window = Gtk.Window(default_width=width, default_height=height)
    window.add(view)
    window.show_all()
    return view


def on_automation(_context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("window-hall-webkit")
    session.set_application_info(info)
    session.connect("create-web-view", new_view)


context.connect("automation-started", on_automation)
Gtk.main()
