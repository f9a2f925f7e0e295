# shellcheck shell=bash
# As `hairpin`, seen by the router: the request comes in and leaves by one interface, and no answer passes.
# shellcheck source=labs/scenarios/hairpin.sh
. "$here/scenarios/hairpin.sh"
verdict='connect.hairpin@connect'
watched_at=router
