#pragma once
#include <stddef.h>
#include <stdint.h>

/* What libFuzzer offers to a mutator of our own (compiler-rt, include/fuzzer/FuzzerInterface.h). */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);

/* memfd_create(2), which Swift's Glibc module leaves out: an open file without a name, or -1. */
int fuzz_memory_file(void);
