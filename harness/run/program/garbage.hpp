// Asking a program to collect its garbage before it is looked at, as Python does under our sitecustomize.
#pragma once

#include <sys/types.h>

namespace soak::run {

/// Asks, where the process catches the signal that is agreed upon (python/sitecustomize.py); others are left alone.
/// It may take the process a moment to come to it.
void ask_for_garbage_collection(pid_t process);

}  // namespace soak::run
