# Sourced after lib.sh: the Python that training needs, in a virtual environment of its own. Sets `python`.

# shellcheck shell=bash disable=SC2154,SC2034

environment=$cache/train/venv
if ! cmp -s "$root/scripts/train/requirements.txt" "$environment/requirements.txt"; then
    need_packages python3-venv
    say "installing what training needs into $environment"
    [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --requirement "$root/scripts/train/requirements.txt" >&2
    cp "$root/scripts/train/requirements.txt" "$environment/"
fi
python=$environment/bin/python
