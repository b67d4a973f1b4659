/* What the probe must know of a class that counts its objects: see counted.hpp, which is what C++ uses. */
#ifndef SOAK_COUNTED_TYPE_H
#define SOAK_COUNTED_TYPE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct soak_counted_type {
  const char* name;               /* As std::type_info::name() has it; or any text. */
  size_t object_bytes;            /* sizeof. */
  int64_t live;                   /* Read and written atomically. */
  struct soak_counted_type* next; /* The probe's, while it knows the type. */
  int64_t index;                  /* The probe's. */
};

/* The probe's. Look them up with dlsym(RTLD_DEFAULT, ...): it may be preloaded, linked or not there at all. Any
   thread may call them. */
void soak_probe_add_type(struct soak_counted_type* type);
void soak_probe_remove_type(struct soak_counted_type* type);
/* Calls visit for each type that is known. Types that begin or end meanwhile wait; no type may begin in visit. */
void soak_probe_visit_types(void (*visit)(struct soak_counted_type* type, void* context), void* context);

#ifdef __cplusplus
}
#endif

#endif
