// The readings of a checkpoint by the names they have in run.json and, behind "cp00.", in counters.
#pragma once

#include <array>
#include <string_view>

#include "record/record.hpp"

namespace soak::record {

struct CheckpointField {
  std::string_view name;
  std::optional<std::int64_t> Checkpoint::*member;
};

inline constexpr std::array checkpoint_fields{
    CheckpointField{"rss_bytes", &Checkpoint::rss_bytes},
    CheckpointField{"vms_bytes", &Checkpoint::vms_bytes},
    CheckpointField{"peak_rss_bytes", &Checkpoint::peak_rss_bytes},
    CheckpointField{"pss_bytes", &Checkpoint::pss_bytes},
    CheckpointField{"uss_bytes", &Checkpoint::uss_bytes},
    CheckpointField{"heap_bytes", &Checkpoint::heap_bytes},
    CheckpointField{"heap_blocks", &Checkpoint::heap_blocks},
    CheckpointField{"heap_peak_bytes", &Checkpoint::heap_peak_bytes},
    CheckpointField{"allocations", &Checkpoint::allocations},
    CheckpointField{"frees", &Checkpoint::frees},
    CheckpointField{"open_files", &Checkpoint::open_files},
    CheckpointField{"open_regular_files", &Checkpoint::open_regular_files},
    CheckpointField{"open_sockets", &Checkpoint::open_sockets},
    CheckpointField{"open_pipes", &Checkpoint::open_pipes},
    CheckpointField{"open_others", &Checkpoint::open_others},
    CheckpointField{"threads", &Checkpoint::threads},
    CheckpointField{"joinable_threads", &Checkpoint::joinable_threads},
    CheckpointField{"children", &Checkpoint::children},
    CheckpointField{"zombies", &Checkpoint::zombies},
};

}  // namespace soak::record
