#include <boost/crc.hpp>
#include <storage/checksum.hpp>

namespace storage {

std::uint32_t checksum_of(std::string_view bytes) noexcept {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return static_cast<std::uint32_t>(crc.checksum());
}

}  // namespace storage
