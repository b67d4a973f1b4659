/* One line in any loop of any program, in C or C++, makes checkpoints by iteration:
 *
 *   for (;;) {
 *     soak_iteration();
 *     handle(next_request());
 *   }
 *
 * The functions below are weak: without the probe they cost a test of a pointer, and nothing has to be linked. Under
 * `soak exec -- ./program`, which preloads the probe, or in a program linked with it, they count. */
#ifndef SOAK_SOAK_H
#define SOAK_SOAK_H

#ifdef __cplusplus
extern "C" {
#endif

/* What the probe defines; call the functions without `_probe` instead. */
__attribute__((weak)) void soak_probe_iteration(void);
__attribute__((weak)) void soak_probe_checkpoint(const char* label);
__attribute__((weak)) void soak_probe_ignore_begin(void);
__attribute__((weak)) void soak_probe_ignore_end(void);

/* An iteration begins. The first call takes the baseline; later ones add to a counter and now and then, evenly spread
 * with some jitter however long the loop becomes, take a checkpoint: about 20 us each, 64 to 128 of them are kept.
 * Call it in one loop, at its top; from several threads it counts the iterations of all. */
static inline void soak_iteration(void) {
  if (soak_probe_iteration) soak_probe_iteration();
}

/* A checkpoint of its own, by name, at the present iteration: limits in benchmarks.toml can be set for it. At most
 * 256 are kept; the rest is counted. `label` is UTF-8, cut after 63 bytes. */
static inline void soak_checkpoint(const char* label) {
  if (soak_probe_checkpoint) soak_probe_checkpoint(label);
}

/* What this thread allocates and keeps between the two is left out of every figure: a cache that is meant to grow, a
 * log that is kept on purpose. Pairs may nest. Freed later, outside of such a pair, it counts as memory given back,
 * so use it for what stays. Never around code that hands memory to others who free it. */
static inline void soak_ignore_begin(void) {
  if (soak_probe_ignore_begin) soak_probe_ignore_begin();
}
static inline void soak_ignore_end(void) {
  if (soak_probe_ignore_end) soak_probe_ignore_end();
}

#ifdef __cplusplus
}
#endif

#endif
