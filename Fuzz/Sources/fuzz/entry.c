/* Nothing: libFuzzer brings main, and the module Harness the functions that it calls. */
typedef int nothing;
