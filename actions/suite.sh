#!/usr/bin/env bash
# suite.sh SET COMMAND: run `mlgate COMMAND` in an environment of its own, built once a job from the locks of this checkout.
#
# SET is `report` (27 MB, all that a comment needs) or `suite`. The options come as MLGATE_<COMMAND>_<OPTION>.
# MLGATE_SUITE_EXTRAS names what is added to the suite: words of requirements/extra-WORD.txt, each a lock of its own.
# The environment lies in RUNNER_TEMP, named by what it is made of, so that several actions of a job share it. Nothing is
# written to GITHUB_ENV or GITHUB_PATH: the job's `python` stays the one on PATH, and mlgate trains with it.
set -euo pipefail

set_name=$1
command=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=${RUNNER_TEMP:?suite.sh runs in a job of a workflow, where RUNNER_TEMP is set}/mlgate
python=${MLGATE_SUITE_PYTHON:?suite.sh is started by an action, which names its Python}

# an empty input must not hide the variable of the job
if [ -n "${MLGATE_SUITE_TRACKING_URI:-}" ]; then
  export MLFLOW_TRACKING_URI=$MLGATE_SUITE_TRACKING_URI
fi
# an embedded store (sqlite:///) needs the full MLflow
case "$set_name:${MLFLOW_TRACKING_URI:-}" in
  suite:sqlite:*) set_name=local ;;
esac

extras=()
set -f # a word is no pattern
for word in ${MLGATE_SUITE_EXTRAS:-}; do
  if [[ ! $word =~ ^[a-z0-9]+$ ]] || [ ! -f "$root/requirements/extra-$word.txt" ]; then
    known=$(set +f && cd "$root/requirements" && printf '%s ' extra-*.txt)
    known=${known//extra-/}
    echo "error: the input extras names $(printf %q "$word"), which mlgate does not have" >&2
    echo "  → use words of this list: ${known//.txt/}" >&2
    exit 2
  fi
  extras+=("$root/requirements/extra-$word.txt")
done
set +f
if [ ${#extras[@]} -gt 0 ]; then
  sorted=$(printf '%s\n' "${extras[@]}" | sort -u)
  extras=()
  while IFS= read -r extra; do extras+=("$extra"); done <<<"$sorted"
fi

digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

place_of() {
  printf '%s/%s-' "$home" "$1"
  { cat "$root/requirements/$1.txt" "$root/requirements/uv.txt" ${extras[@]+"${extras[@]}"} && printf '%s\n' "$root" "$python"; } | digest | cut -c1-16
}

# Settings that a job makes for its own Python would bend this one; where packages come from, and whom to trust, must stay.
forget_settings() {
  local name
  for name in $(compgen -e); do
    case $name in
      PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_NO_INDEX | PIP_FIND_LINKS | PIP_CONFIG_FILE | PIP_CACHE_DIR) ;;
      PIP_CERT | PIP_CLIENT_CERT | PIP_TRUSTED_HOST | PIP_PROXY | PIP_KEYRING_PROVIDER) ;;
      UV_INDEX* | UV_DEFAULT_INDEX | UV_EXTRA_INDEX_URL | UV_NO_INDEX | UV_FIND_LINKS | UV_CONFIG_FILE | UV_CACHE_DIR) ;;
      UV_NATIVE_TLS | UV_SYSTEM_CERTS | UV_INSECURE_HOST | UV_KEYRING_PROVIDER | UV_HTTP*) ;;
      PIP_* | UV_* | PYTHON* | VIRTUAL_ENV | CONDA_PREFIX) unset "$name" ;;
    esac
  done
}

build() {
  local place=$1 uv=$1/bin/uv
  rm -rf "$place"
  "$python" -I -m venv "$place"
  "$place/bin/python" -I -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r "$root/requirements/uv.txt"
  "$uv" pip sync --quiet --require-hashes --python "$place/bin/python" "$root/requirements/$set_name.txt"
  for extra in ${extras[@]+"${extras[@]}"}; do # the locks agree with each other, and each is complete
    "$uv" pip install --quiet --no-deps --require-hashes --python "$place/bin/python" --requirement "$extra"
  done
  "$uv" pip install --quiet --no-deps --no-build-isolation --python "$place/bin/python" "$root"
  touch "$place/ready" # the last step: an environment without it is never used, but built again
}

place=$(place_of "$set_name")
if [ "$set_name" = report ]; then
  for larger in suite local; do
    candidate=$(place_of "$larger")
    if [ -e "$candidate/ready" ]; then place=$candidate; fi
  done
fi

if [ ! -e "$place/ready" ]; then
  echo "::group::Make mlgate's own environment ($set_name)"
  mkdir -p "$home"
  (
    cd "$home" # neither pip nor uv may read the settings of the job's repository
    forget_settings
    if command -v flock >/dev/null; then
      exec 9>"$place.lock"
      flock 9
    fi
    if [ ! -e "$place/ready" ]; then build "$place"; fi
  )
  echo "::endgroup::"
fi

# isolated: PYTHONPATH and the working directory belong to the job's Python, not to this one
exec "$place/bin/python" -I -u -m mlgate "$command"
