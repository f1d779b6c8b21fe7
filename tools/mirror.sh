# Sourced by tools/setup and tools/sysroot.
# shellcheck shell=sh

# Exit code of a script that could not do its work because Debian's mirror cannot be reached: it may be otherwise tomorrow.
MIRROR_UNREACHABLE=75

# is_unreachable FILE: whether these messages of apt-get say so.
is_unreachable() {
    grep -Eq "Could not (connect|resolve|handshake)|Temporary failure (resolving|in name resolution)|Unable to connect|\
Connection (failed|timed out|refused|reset)|Connection to .* (failed|timed out)|Network is unreachable|No route to host|\
Cannot initiate the connection|(^|[^0-9])50[0234] +[A-Z]" "$1"
}
