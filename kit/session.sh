#!/bin/sh
# Runs a command of a shell session in the directory and with the variables that the previous command left, and saves its own.
#
#   session DIRECTORY COMMAND
#
# It saves the working directory and exported variables; with bash, if the image has it, all variables and functions. They are in
# DIRECTORY/state, which is read as a script. A command that is killed, or that replaces this shell (exec), saves nothing: the previous
# state remains.
[ -n "${BASH_VERSION:-}" ] || [ ! -x /bin/bash ] || exec /bin/bash "$0" "$@"
[ ! -f "$1/state" ] || . "$1/state" 2>/dev/null
[ -z "${caisson_here:-}" ] || cd -- "$caisson_here"
unset caisson_here
caisson_session=$1 caisson_command=$2 caisson_left=
shift 2

caisson_variables() {
  if [ -n "${BASH_VERSION:-}" ]; then declare -p; declare -f; else export -p; fi
}

caisson_leave() {
  [ -z "$caisson_left" ] || return 0
  caisson_left=yes
  # Exported, so that the shell itself says how it is quoted.
  export caisson_here="$PWD"
  caisson_variables >"$caisson_session/state.$$" || return 0
  # By its usual place, whatever the PATH is now; without it what is written may be read half.
  command -p mv -f "$caisson_session/state.$$" "$caisson_session/state" 2>/dev/null || caisson_variables >"$caisson_session/state"
}

# bash would run what is for the end before it dies of a signal.
caisson_die() {
  trap - EXIT "$1"
  kill -s "$1" $$
}

trap caisson_leave EXIT
for caisson_signal in HUP INT TERM; do trap "caisson_die $caisson_signal" $caisson_signal; done
eval "$caisson_command"
caisson_code=$?
caisson_leave
exit "$caisson_code"
