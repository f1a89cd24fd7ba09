# Sourced by the scripts that build and run ARM code: where the parts lie in the cache, and which Debian releases
# they come from. Bash.

# shellcheck shell=bash disable=SC2034
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# The only Debian release with Swift 6.2 or newer: the compiler and its ARM runtime come from here, as a pair.
swift_suite=sid
compiler_root=$cache/compiler
runtime_root=$cache/runtime-arm64
emulator_root=$cache/emulator

# The command is linked with the libraries of the oldest system it is to run on. The tests need Swift's shared
# libraries, which ask for a newer glibc.
command_suite=bookworm
tests_suite=trixie

triple=aarch64-unknown-linux-gnu
sdk_folder=$cache/sdk
command_build=$cache/build/command
tests_build=$cache/build/tests

# sysroot SUITE, sdk_sysroot SUITE: a board's headers and libraries; the same with Swift's beside them.
sysroot() { printf '%s' "$cache/sysroot-$1-arm64"; }
sdk_name() { printf '%s' "animesnap-$1-arm64"; }
sdk_sysroot() { printf '%s' "$sdk_folder/$(sdk_name "$1").artifactbundle/$(sdk_name "$1")/$triple/sysroot"; }

# The address this machine's own apt configuration gives for Debian's main archive.
debian_mirror() {
    local codename found
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-none}")
    # shellcheck disable=SC2016
    found=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v codename="$codename" '($1 == codename || $1 == "stable") && !/raspberrypi/ { print $2; exit }')
    printf '%s' "${ANIMESNAP_DEBIAN_MIRROR:-$found}"
}
