/* libzstd as it is, and the few things of it that Swift cannot import. */
#ifndef WB_CZSTD_SHIM_H
#define WB_CZSTD_SHIM_H

#include <zstd.h>

/* Both are macros with a cast, which Swift does not import. */
static const unsigned long long wb_zstd_size_unknown = ZSTD_CONTENTSIZE_UNKNOWN;
static const unsigned long long wb_zstd_size_error = ZSTD_CONTENTSIZE_ERROR;

#endif
