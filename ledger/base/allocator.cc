// What jemalloc is told, in programs that are linked with it (payfold_allocator in CMakeLists.txt).
//
// An append makes many small things and drops them in other threads than made them, which glibc's
// allocator pays for in locks and page faults. What is freed is kept for some seconds, as the next
// batch wants it, and memory lies in huge pages where the system gives them to who asks.

extern "C" const char* const malloc_conf;
const char* const malloc_conf =
    "thp:always,metadata_thp:auto,dirty_decay_ms:10000,muzzy_decay_ms:0";
