/* One line in any loop of any program, in C or C++, makes checkpoints by iteration:
 *
 *   for (;;) {
 *     soak_iteration();
 *     handle(next_request());
 *   }
 *
 * Nothing has to be linked. Each function looks for the probe once and costs two tests where there is none; under
 * `soak exec -- ./program`, which preloads the probe, or in a program linked with it, it counts. (Weak references
 * would do without the look-up, but some linkers, mold and lld among them, bind those of an executable to nothing for
 * good.) */
#ifndef SOAK_SOAK_H
#define SOAK_SOAK_H

#include <dlfcn.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The probe's function of this name, called by the function that it is named in. Two threads may look at once: both
 * find the same. RTLD_DEFAULT is null. */
#define SOAK_DETAIL_PROBE(type, name)              \
  static type* call = NULL;                        \
  static int is_looked_for = 0;                    \
  if (!is_looked_for) {                            \
    void* const found = dlsym(NULL, name);         \
    __builtin_memcpy(&call, &found, sizeof(call)); \
    is_looked_for = 1;                             \
  }                                                \
  if (call != NULL) call

typedef void soak_detail_call(void);
typedef void soak_detail_label_call(const char* label);

/* An iteration begins. The first call takes the baseline; later ones add to a counter and now and then, evenly spread
 * with some jitter however long the loop becomes, take a checkpoint: about 20 us each, 64 to 128 of them are kept.
 * Call it in one loop, at its top; from several threads it counts the iterations of all. */
static inline void soak_iteration(void) { SOAK_DETAIL_PROBE(soak_detail_call, "soak_probe_iteration")(); }

/* A checkpoint of its own, by name, at the present iteration: limits in benchmarks.toml can be set for it. At most
 * 256 are kept; the rest is counted. `label` is UTF-8, cut after 63 bytes. */
static inline void soak_checkpoint(const char* label) {
  SOAK_DETAIL_PROBE(soak_detail_label_call, "soak_probe_checkpoint")(label);
}

/* What this thread allocates and keeps between the two is left out of every figure: a cache that is meant to grow, a
 * log that is kept on purpose. Pairs may nest. Freed later, outside of such a pair, it counts as memory given back,
 * so use it for what stays. Never around code that hands memory to others who free it. */
static inline void soak_ignore_begin(void) { SOAK_DETAIL_PROBE(soak_detail_call, "soak_probe_ignore_begin")(); }
static inline void soak_ignore_end(void) { SOAK_DETAIL_PROBE(soak_detail_call, "soak_probe_ignore_end")(); }

#undef SOAK_DETAIL_PROBE

#ifdef __cplusplus
}
#endif

#endif
