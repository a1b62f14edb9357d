# The tools of ../third-party.sh, installed under the target folder, so that none of it appears in the tree. The copy of
# what was asked for is made last: without it the installation is not complete.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # It shares its variables with the script that reads it.

bin=$work/node_modules/.bin
venv=$work/venv

# Nothing is told to the tools' makers, and no colour gets into what is read from their output.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_SUPPRESS_NOTIFICATIONS=true SCARF_ANALYTICS=false
export NO_COLOR=1
unset FORCE_COLOR

install_from_npm() {
    cat "$config"/{.npmrc,package.json,package-lock.json} >"$work/npm-wanted"
    cmp --silent "$work/npm-wanted" "$work/node_modules/installed" && return
    cp "$config"/{.npmrc,package.json,package-lock.json} "$work"
    (cd "$work" && npm ci --loglevel error)
    cp "$work/npm-wanted" "$work/node_modules/installed"
}

install_from_pypi() {
    cmp --silent "$config/requirements.txt" "$venv/installed" && return
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$config/requirements.txt"
    cp "$config/requirements.txt" "$venv/installed"
}
