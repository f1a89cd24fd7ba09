# Sourced by the scripts that measure: a Python of its own that holds the peers, the same for ARM, and an emulator that
# counts instructions. All of it lies in the cache and may be deleted at any time. Bash.

# shellcheck shell=bash disable=SC2034
# shellcheck source=scripts/cross/places.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cross/places.sh"

peers_cache=$cache/peers
peers_python=$peers_cache/venv/bin/python
arm_root=$peers_cache/arm64/root
arm_site=$peers_cache/arm64/site
plugin=$peers_cache/count-instructions.so
requirements=$root/scripts/bench-peers/requirements.txt

# install_peers: creates the virtual environment once; packages that this machine cannot have are left out and named.
install_peers() {
    local name
    cmp -s "$requirements" "$peers_cache/venv/requirements.txt" && return 0
    need_packages python3-venv
    say "installing the peers into $peers_cache: a few minutes, once"
    mkdir -p "$peers_cache"
    [ -x "$peers_python" ] || python3 -m venv "$peers_cache/venv"
    if ! "$peers_python" -m pip install --quiet --requirement "$requirements" >&2; then
        while read -r name; do
            "$peers_python" -m pip install --quiet "$name" >&2 || say "$name cannot be installed here"
        done < <(grep -v '^#' "$requirements")
    fi
    cp "$requirements" "$peers_cache/venv/requirements.txt"
}

# install_arm_peers: Python of Debian 12 for ARM, and those of the peers that run there.
install_arm_peers() {
    local platforms=() glibc
    "$root/scripts/cross/unpack" bookworm arm64 "$arm_root" python3 libstdc++6 libgomp1 libjpeg62-turbo
    [ ! -e "$arm_site/.complete" ] || return 0
    for glibc in 2014 _2_17 _2_24 _2_26 _2_27 _2_28 _2_31 _2_34 _2_35; do
        platforms+=(--platform "manylinux${glibc}_aarch64")
    done
    "$peers_python" -m pip install --quiet --target "$arm_site" "${platforms[@]}" --python-version 3.11 \
        --implementation cp --only-binary=:all: numpy onnxruntime ncnn ai-edge-litert MNN >&2
    touch "$arm_site/.complete"
}

# install_emulator: Debian 12's, since later ones come without plugins, and the plugin that counts. Sets `emulator`.
install_emulator() {
    local folder=$peers_cache/emulator
    "$root/scripts/cross/unpack" bookworm amd64 "$folder" qemu-user
    local libraries=$folder/usr/lib/x86_64-linux-gnu
    emulator="$libraries/ld-linux-x86-64.so.2 --library-path $libraries $folder/usr/bin/qemu-aarch64"
    [ "$plugin" -nt "$root/scripts/bench-peers/count-instructions.c" ] ||
        gcc -std=c11 -O2 -shared -fPIC "$root/scripts/bench-peers/count-instructions.c" -o "$plugin"
}
