#!/bin/sh
# One line for each file of a box that ought to survive: its path first, then what would show that it was changed.
# The disk below the ramdisks shows the time of the last change of any kind, too: nothing has a reason to write there.
cd / || exit 1
find etc home/pi -xdev -printf '%p %y %m %U %G %l\n'
find etc home/pi -xdev -type f -exec sha256sum {} + | while read -r digest path; do
    echo "$path sha256:$digest"
done
find root_bypass_ramdisks -xdev \( -path '*/etc/*' -o -path '*/home/pi/*' \) -printf '%p %y %m %U %G %s %l %C@\n'
