// Counts the live objects of a class exactly, where its source can be changed:
//
//   class Session : soak::Counted<Session> { ... };         // or a member: soak::Counted<Session> counted_;
//
// With the probe in the process each reading has the number, `soak run` judges its growth (objects_growth) and the
// record names the class. Without it, only live() tells.
//
// Costs one atomic addition an object made and one destroyed: about 5 ns, more where many threads make the same class
// at once. As a base, or as a member marked [[no_unique_address]], it takes no room. What it changes: the class is no
// longer an aggregate, trivially copyable or constructible in constant expressions; and an object whose destructor
// never runs stays counted, which is the point.
#pragma once

#include <dlfcn.h>
#include <soak/counted_type.h>

#include <cstdint>
#include <typeinfo>

namespace soak {

/// Copies and moved-from objects are objects: every constructor counts one more, the destructor one less, assignment
/// nothing. Threads may make and destroy objects at any time.
template <typename T>
class Counted {
 public:
  Counted() noexcept {
    static_cast<void>(&registration_);  // Used, so that it is there.
    count(1);
  }
  Counted(const Counted&) noexcept : Counted() {}
  Counted(Counted&&) noexcept : Counted() {}
  Counted& operator=(const Counted&) noexcept = default;
  Counted& operator=(Counted&&) noexcept = default;
  ~Counted() { count(-1); }

  /// How many there are now. A shared library that hides its symbols has a number of its own.
  [[nodiscard]] static std::int64_t live() noexcept { return __atomic_load_n(&type_.live, __ATOMIC_RELAXED); }

 private:
  static void count(std::int64_t change) noexcept { __atomic_fetch_add(&type_.live, change, __ATOMIC_RELAXED); }

  static const char* name() noexcept {
#ifdef __GXX_RTTI
    return typeid(T).name();
#else
    return __PRETTY_FUNCTION__;
#endif
  }

  /// Tells the probe of the class for as long as its code is there: a plugin that is closed takes its counts along.
  struct Registration {
    Registration() noexcept {
      type_.name = name();
      type_.object_bytes = sizeof(T);
      tell_probe("soak_probe_add_type");
    }
    ~Registration() { tell_probe("soak_probe_remove_type"); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
  };

  static void tell_probe(const char* function) noexcept {
    // Looked up by name: a weak reference of a program that is not position-independent is null for good once it is
    // linked without the probe, and a preloaded probe would not be found.
    if (void* const told = dlsym(RTLD_DEFAULT, function))
      reinterpret_cast<decltype(&soak_probe_add_type)>(told)(&type_);
  }

  /// There before any constructor runs, and after every destructor.
  inline static constinit soak_counted_type type_{};
  inline static Registration registration_{};
};

}  // namespace soak
