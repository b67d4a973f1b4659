#include "probe/sites/eh_frame.hpp"

namespace soak::probe {
namespace {

/// Longer than any section; the lengths inside say where things end.
constexpr std::uint64_t far = 1u << 30;
constexpr std::uint8_t omitted = 0xff;

DwarfReader reader_at(std::uint64_t address, std::uint64_t bytes = far) noexcept {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(address);
  return {begin, begin + bytes};
}

/// The bytes of an entry after its length; a reader at its end where there are none.
DwarfReader entry_at(std::uint64_t address) noexcept {
  auto head = reader_at(address);
  std::uint64_t bytes = head.read<std::uint32_t>();
  if (bytes == 0xffffffff) bytes = head.read<std::uint64_t>();
  return reader_at(reinterpret_cast<std::uint64_t>(head.position()), bytes < far ? bytes : 0);
}
const std::uint8_t* entry_end(std::uint64_t address) noexcept {
  auto head = reader_at(address);
  std::uint64_t bytes = head.read<std::uint32_t>();
  if (bytes == 0xffffffff) bytes = head.read<std::uint64_t>();
  return head.position() + (bytes < far ? bytes : 0);
}

/// Letters this code does not know make the rest unreadable.
bool read_augmentation(DwarfReader& reader, const char* letters, Cie& cie) noexcept {
  if (*letters == '\0') return true;
  if (*letters != 'z') return false;
  cie.has_augmentation_data = true;
  const auto bytes = reader.read_uleb();
  const auto* const after = reader.position() + bytes;
  for (const char* letter = letters + 1; *letter != '\0'; ++letter) {
    if (*letter == 'R') {
      cie.pointer_encoding = reader.read<std::uint8_t>();
    } else if (*letter == 'P') {
      reader.read_encoded(reader.read<std::uint8_t>() & 0x0f, 0);
    } else if (*letter == 'L') {
      reader.read<std::uint8_t>();
    } else if (*letter == 'S') {
      cie.is_signal_frame = true;
    } else if (*letter != 'B') {  // B: the return address may be signed, with the second key
      return false;
    }
  }
  reader.skip(static_cast<std::uint64_t>(after - reader.position()));
  return !reader.is_broken();
}

bool read_cie(std::uint64_t address, Cie& cie) noexcept {
  auto reader = entry_at(address);
  if (reader.read<std::uint32_t>() != 0) return false;
  const auto version = reader.read<std::uint8_t>();
  if (version != 1 && version != 3) return false;
  const auto* const letters = reinterpret_cast<const char*>(reader.position());
  while (!reader.is_broken() && reader.read<char>() != '\0') {
  }
  cie.code_alignment = reader.read_uleb();
  cie.data_alignment = reader.read_sleb();
  cie.return_register = version == 1 ? reader.read<std::uint8_t>() : reader.read_uleb();
  if (reader.is_broken() || !read_augmentation(reader, letters, cie)) return false;
  cie.begin = reader.position();
  cie.end = entry_end(address);
  return true;
}

bool read_fde(std::uint64_t address, Fde& fde) noexcept {
  auto reader = entry_at(address);
  const auto cie_field = reinterpret_cast<std::uint64_t>(reader.position());
  const auto distance = reader.read<std::uint32_t>();
  if (distance == 0 || !read_cie(cie_field - distance, fde.cie)) return false;
  fde.first = reader.read_encoded(fde.cie.pointer_encoding, 0);
  fde.last = fde.first + reader.read_encoded(fde.cie.pointer_encoding & 0x0f, 0);
  if (fde.cie.has_augmentation_data) reader.skip(reader.read_uleb());
  fde.begin = reader.position();
  fde.end = entry_end(address);
  return !reader.is_broken();
}

/// One row of the header's table, as every linker writes it: sorted, relative to the header.
struct HeaderRow {
  std::int32_t first, fde;
};

/// The address of the last entry that begins at or before `address`; 0 where there is none.
std::uint64_t last_before(std::uint64_t header, std::uint64_t address) noexcept {
  auto reader = reader_at(header);
  const auto version = reader.read<std::uint8_t>();
  const auto frame_encoding = reader.read<std::uint8_t>();
  const auto count_encoding = reader.read<std::uint8_t>();
  const auto table_encoding = reader.read<std::uint8_t>();
  if (version != 1 || table_encoding != 0x3b || count_encoding == omitted || frame_encoding == omitted) return 0;
  reader.read_encoded(frame_encoding, header);
  const auto count = reader.read_encoded(count_encoding, header);
  const auto* const rows = reinterpret_cast<const HeaderRow*>(reader.position());
  std::uint64_t below = 0, above = count;
  while (below < above) {
    const auto middle = below + (above - below) / 2;
    if (header + static_cast<std::uint64_t>(std::int64_t{rows[middle].first}) <= address)
      below = middle + 1;
    else
      above = middle;
  }
  return below == 0 ? 0 : header + static_cast<std::uint64_t>(std::int64_t{rows[below - 1].fde});
}

}  // namespace

bool find_fde(const void* header, std::uint64_t address, Fde& fde) noexcept {
  const auto entry = last_before(reinterpret_cast<std::uint64_t>(header), address);
  return entry != 0 && read_fde(entry, fde) && address >= fde.first && address < fde.last;
}

}  // namespace soak::probe
