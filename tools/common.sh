# Sourced by the scripts of this folder.
# shellcheck shell=sh

# Exit code of a script that could not do its work because Debian's mirror cannot be reached: it may be otherwise tomorrow.
MIRROR_UNREACHABLE=75

# is_unreachable FILE: whether these messages of apt-get say so.
is_unreachable() {
    grep -Eq "Could not (connect|resolve|handshake)|Temporary failure (resolving|in name resolution)|Unable to connect|\
Connection (failed|timed out|refused|reset)|Connection to .* (failed|timed out)|Network is unreachable|No route to host|\
Cannot initiate the connection|(^|[^0-9])50[0234] +[A-Z]" "$1"
}

# The mirror that this machine uses for Debian itself.
mirror() {
    uri=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }')
    echo "${uri:-http://deb.debian.org/debian}"
}

# report_progress TITLE STATE LOG PARENT: says again and again on standard error what the function STATE makes of LOG,
# until the process PARENT has ended. A terminal shows that on one line; elsewhere a line comes every ten seconds.
report_progress() {
    seconds=0 shown=""
    while kill -0 "$4" 2>/dev/null; do
        now=$("$2" "$3")
        if [ "$now" != "$shown" ]; then
            if [ -t 2 ]; then
                printf '\r\033[K%s: %s' "$1" "$now" >&2
                shown=$now
            elif [ $((seconds % 10)) -eq 9 ]; then
                echo "$1: $now" >&2
                shown=$now
            fi
        fi
        sleep 1
        seconds=$((seconds + 1))
    done
}

# follow TITLE STATE LOG COMMAND...: runs the command with its output in LOG and reports its progress. Gives the
# command's exit code.
follow() {
    follow_title=$1 follow_state=$2 follow_log=$3
    shift 3
    : >"$follow_log"
    report_progress "$follow_title" "$follow_state" "$follow_log" $$ &
    follow_reporter=$! follow_start=$(date +%s) follow_code=0
    "$@" >"$follow_log" 2>&1 || follow_code=$?
    kill "$follow_reporter" 2>/dev/null
    wait "$follow_reporter" 2>/dev/null || true
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if [ $follow_code -eq 0 ]; then
        follow_now=$("$follow_state" "$follow_log")
        echo "$follow_title: ${follow_now:+$follow_now, }done in $(($(date +%s) - follow_start)) s" >&2
    fi
    return $follow_code
}

# States for `follow`: of ninja, and of apt-get -q.
ninja_state() { sed -n 's|^\[\([0-9]*\)/\([0-9]*\)\].*|\1 of \2 steps|p' "$1" | tail -n 1; }
apt_state() {
    awk '/^Get:/ { fetched++ } /^Unpacking / { unpacked++ } /^Setting up / { ready++ }
         / newly installed/ { all = $1 + $3; fetched = 0 }
         END { if (!all) printf "%s", fetched ? "lists of packages" : "waiting for the mirror"
               else printf "%d packages: %d downloaded, %d unpacked, %d set up", all, fetched, unpacked, ready }' "$1"
}
