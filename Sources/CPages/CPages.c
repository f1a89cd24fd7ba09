#include "CPages.h"

// Three lines per file here and one in the table below; a test says what is missing. All styles are one file: together
// they weigh least.

// The package is not written in C23 as a whole.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t api_openapi_json[] = {
#embed "../Web/API/openapi.json"
};
static const uint8_t icons_icon_192_png[] = {
#embed "../Web/Pages/icons/icon-192.png"
};
static const uint8_t icons_icon_svg[] = {
#embed "../Web/Pages/icons/icon.svg"
};
static const uint8_t index_html[] = {
#embed "../Web/Pages/index.html"
};
static const uint8_t languages_de_json[] = {
#embed "../Web/Pages/languages/de.json"
};
static const uint8_t languages_en_json[] = {
#embed "../Web/Pages/languages/en.json"
};
static const uint8_t languages_ja_json[] = {
#embed "../Web/Pages/languages/ja.json"
};
static const uint8_t languages_zh_json[] = {
#embed "../Web/Pages/languages/zh.json"
};
static const uint8_t manifest_webmanifest[] = {
#embed "../Web/Pages/manifest.webmanifest"
};
static const uint8_t script_album_js[] = {
#embed "../Web/Pages/script/album.js"
};
static const uint8_t script_compare_js[] = {
#embed "../Web/Pages/script/compare.js"
};
static const uint8_t script_dialogs_js[] = {
#embed "../Web/Pages/script/dialogs.js"
};
static const uint8_t script_dom_js[] = {
#embed "../Web/Pages/script/dom.js"
};
static const uint8_t script_events_js[] = {
#embed "../Web/Pages/script/events.js"
};
static const uint8_t script_host_cards_js[] = {
#embed "../Web/Pages/script/host-cards.js"
};
static const uint8_t script_icons_js[] = {
#embed "../Web/Pages/script/icons.js"
};
static const uint8_t script_language_js[] = {
#embed "../Web/Pages/script/language.js"
};
static const uint8_t script_latest_js[] = {
#embed "../Web/Pages/script/latest.js"
};
static const uint8_t script_live_preview_js[] = {
#embed "../Web/Pages/script/live-preview.js"
};
static const uint8_t script_main_js[] = {
#embed "../Web/Pages/script/main.js"
};
static const uint8_t script_notice_js[] = {
#embed "../Web/Pages/script/notice.js"
};
static const uint8_t script_pages_gallery_js[] = {
#embed "../Web/Pages/script/pages/gallery.js"
};
static const uint8_t script_pages_host_js[] = {
#embed "../Web/Pages/script/pages/host.js"
};
static const uint8_t script_pages_picture_js[] = {
#embed "../Web/Pages/script/pages/picture.js"
};
static const uint8_t script_pages_show_js[] = {
#embed "../Web/Pages/script/pages/show.js"
};
static const uint8_t script_pages_snap_js[] = {
#embed "../Web/Pages/script/pages/snap.js"
};
static const uint8_t script_pages_styles_js[] = {
#embed "../Web/Pages/script/pages/styles.js"
};
static const uint8_t script_pages_upload_js[] = {
#embed "../Web/Pages/script/pages/upload.js"
};
static const uint8_t script_picture_view_js[] = {
#embed "../Web/Pages/script/picture-view.js"
};
static const uint8_t script_plot_js[] = {
#embed "../Web/Pages/script/plot.js"
};
static const uint8_t script_router_js[] = {
#embed "../Web/Pages/script/router.js"
};
static const uint8_t script_server_js[] = {
#embed "../Web/Pages/script/server.js"
};
static const uint8_t script_session_js[] = {
#embed "../Web/Pages/script/session.js"
};
static const uint8_t script_shrink_photo_js[] = {
#embed "../Web/Pages/script/shrink-photo.js"
};
static const uint8_t script_style_sliders_js[] = {
#embed "../Web/Pages/script/style-sliders.js"
};
static const uint8_t script_styles_list_js[] = {
#embed "../Web/Pages/script/styles-list.js"
};
static const uint8_t script_tile_js[] = {
#embed "../Web/Pages/script/tile.js"
};
static const uint8_t script_upload_queue_js[] = {
#embed "../Web/Pages/script/upload-queue.js"
};
static const uint8_t script_upload_row_js[] = {
#embed "../Web/Pages/script/upload-row.js"
};
static const uint8_t script_window_grid_js[] = {
#embed "../Web/Pages/script/window-grid.js"
};
static const uint8_t style_pages_css[] = {
#embed "../Web/Pages/style/base.css"
,
#embed "../Web/Pages/style/controls.css"
,
#embed "../Web/Pages/style/frame.css"
,
#embed "../Web/Pages/style/prints.css"
,
#embed "../Web/Pages/style/pages/gallery.css"
,
#embed "../Web/Pages/style/pages/picture.css"
,
#embed "../Web/Pages/style/pages/styles.css"
,
#embed "../Web/Pages/style/pages/show.css"
,
#embed "../Web/Pages/style/pages/upload.css"
,
#embed "../Web/Pages/style/pages/snap.css"
,
#embed "../Web/Pages/style/pages/host.css"
};
static const uint8_t sw_js[] = {
#embed "../Web/Pages/sw.js"
};

#define FILE_AT(path, bytes) {path, bytes, sizeof bytes}

static const struct cpages_file cpages_files[] = {
    FILE_AT("api/openapi.json", api_openapi_json),
    FILE_AT("icons/icon-192.png", icons_icon_192_png),
    FILE_AT("icons/icon.svg", icons_icon_svg),
    FILE_AT("index.html", index_html),
    FILE_AT("languages/de.json", languages_de_json),
    FILE_AT("languages/en.json", languages_en_json),
    FILE_AT("languages/ja.json", languages_ja_json),
    FILE_AT("languages/zh.json", languages_zh_json),
    FILE_AT("manifest.webmanifest", manifest_webmanifest),
    FILE_AT("script/album.js", script_album_js),
    FILE_AT("script/compare.js", script_compare_js),
    FILE_AT("script/dialogs.js", script_dialogs_js),
    FILE_AT("script/dom.js", script_dom_js),
    FILE_AT("script/events.js", script_events_js),
    FILE_AT("script/host-cards.js", script_host_cards_js),
    FILE_AT("script/icons.js", script_icons_js),
    FILE_AT("script/language.js", script_language_js),
    FILE_AT("script/latest.js", script_latest_js),
    FILE_AT("script/live-preview.js", script_live_preview_js),
    FILE_AT("script/main.js", script_main_js),
    FILE_AT("script/notice.js", script_notice_js),
    FILE_AT("script/pages/gallery.js", script_pages_gallery_js),
    FILE_AT("script/pages/host.js", script_pages_host_js),
    FILE_AT("script/pages/picture.js", script_pages_picture_js),
    FILE_AT("script/pages/show.js", script_pages_show_js),
    FILE_AT("script/pages/snap.js", script_pages_snap_js),
    FILE_AT("script/pages/styles.js", script_pages_styles_js),
    FILE_AT("script/pages/upload.js", script_pages_upload_js),
    FILE_AT("script/picture-view.js", script_picture_view_js),
    FILE_AT("script/plot.js", script_plot_js),
    FILE_AT("script/router.js", script_router_js),
    FILE_AT("script/server.js", script_server_js),
    FILE_AT("script/session.js", script_session_js),
    FILE_AT("script/shrink-photo.js", script_shrink_photo_js),
    FILE_AT("script/style-sliders.js", script_style_sliders_js),
    FILE_AT("script/styles-list.js", script_styles_list_js),
    FILE_AT("script/tile.js", script_tile_js),
    FILE_AT("script/upload-queue.js", script_upload_queue_js),
    FILE_AT("script/upload-row.js", script_upload_row_js),
    FILE_AT("script/window-grid.js", script_window_grid_js),
    FILE_AT("style/pages.css", style_pages_css),
    FILE_AT("sw.js", sw_js),
};

const size_t cpages_count = sizeof cpages_files / sizeof cpages_files[0];

const struct cpages_file *cpages_file_at(size_t index) {
    return &cpages_files[index];
}
