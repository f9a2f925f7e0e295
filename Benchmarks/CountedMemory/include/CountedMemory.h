#pragma once

/* Calls of malloc and its kin since the program began: they are counted by taking their place. */
unsigned long allocations_so_far(void);
