// Boost 1.81 leaves one function of its header-only Process v2 without `inline`: it is compiled here, once.
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/impl/environment.ipp>
