# Sourced by the scripts in this folder: messages, the repository's root, the cache folder, Debian packages and
# the Swift toolchain. Bash.

# shellcheck shell=bash disable=SC2034

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ANIMESNAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/animesnap}

# What a build needs besides Swift: git for the packages, a linker and the C library's headers (g++ brings both), and
# libjpeg. Two are loaded and never linked: OpenBLAS when a model is imported, libqrencode when a QR code is drawn.
build_packages=(git ca-certificates g++ libjpeg-dev zlib1g-dev libcrypt-dev libopenblas0 libqrencode4)
sample_photo=$root/Tests/Fixtures/astronaut.jpg

# One line about what happens now, on standard error: standard output belongs to results.
say() { printf '%s\n' "$*" >&2; }

# One sentence about why the script stops.
fail() {
    say "error: $*"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' needs root; run it as root, or install sudo"
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]
}

# need_packages NAME...: installs those Debian packages that are missing, and says nothing if none is.
need_packages() {
    local name missing=()
    command -v dpkg-query >/dev/null ||
        fail "this is not a Debian system; install the equivalents of '$*' yourself and use 'swift build -c release'"
    for name in "$@"; do
        is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    # The package lists may be missing or stale: refresh them only if the first attempt fails.
    install_packages "${missing[@]}" 2>/dev/null && return 0
    as_root apt-get -qq update
    install_packages "${missing[@]}" || fail "apt-get could not install ${missing[*]}"
}

install_packages() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >/dev/null
}

# need_swift: stops with a sentence unless `swift` is at least the version that Package.swift asks for.
need_swift() {
    local wanted=6.2 advice found
    advice="get Swift $wanted or newer from https://www.swift.org/install/linux/ (Debian 12 builds run on Raspberry Pi OS too) and put its usr/bin on the PATH"
    command -v swift >/dev/null || fail "there is no Swift toolchain: $advice"
    # The toolchain's own libraries, on a system so bare that it does not start.
    if ! { swift --version && swift build --version; } >/dev/null 2>&1; then
        need_packages libcurl4 libncurses6 libsqlite3-0 libxml2
    fi
    found=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p' | head -n 1)
    if [ -z "$found" ] || [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" != "$wanted" ]; then
        fail "the Swift toolchain here is ${found:-of an unknown version}: $advice"
    fi
}

# build_release: makes .build/release/animesnap, silently when it is up to date.
build_release() {
    [ -e "$root/.build/release/animesnap" ] || say "building animesnap: a few minutes the first time, on a Pi longer"
    swift build --package-path "$root" -c release --product animesnap --quiet >&2
}
