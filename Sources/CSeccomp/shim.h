/* libseccomp as it is. Used by Confine alone. */
#include <seccomp.h>
