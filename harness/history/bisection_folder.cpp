#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "history/bisection.hpp"
#include "record/json_document.hpp"
#include "record/record_file.hpp"

namespace soak::history {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr int state_version = 1;
constexpr std::array findings{std::pair{Finding::good, "good"}, std::pair{Finding::bad, "bad"},
                              std::pair{Finding::skipped, "skipped"}};

Finding finding_of(const record::JsonSpot& json) {
  const auto text = json.text();
  for (const auto& [finding, name] : findings)
    if (text == name) return finding;
  json.refuse("expected good, bad or skipped");
}

Json json_of(const Tried& tried) {
  Json json{{"commit", tried.commit}, {"finding", findings[static_cast<std::size_t>(tried.finding)].second}};
  if (tried.value) json["value"] = *tried.value;
  json["why"] = tried.why;
  return json;
}

Json json_of(const BisectionState& state) {
  const auto& request = state.request;
  auto tried = Json::array();
  for (const auto& one : state.tried) tried.push_back(json_of(one));
  return {{"version", state_version},
          {"good", request.good},
          {"bad", request.bad},
          {"scenario", request.scenario},
          {"metric", request.metric},
          {"build_command", request.build_command},
          {"binary", request.binary},
          {"config_file", request.config_file},
          {"iterations", state.iterations},
          {"repetitions", state.repetitions},
          {"good_value", state.good_value},
          {"bad_value", state.bad_value},
          {"tried", std::move(tried)}};
}

BisectionState state_of(const record::JsonSpot& json) {
  static_cast<void>(json.at("version").integer(state_version, state_version));
  BisectionState state;
  state.request = {.good = json.at("good").text(),
                   .bad = json.at("bad").text(),
                   .scenario = json.at("scenario").text(),
                   .metric = json.at("metric").text(),
                   .build_command = json.at("build_command").text(),
                   .binary = json.at("binary").text(),
                   .config_file = json.at("config_file").text()};
  state.iterations = json.at("iterations").count();
  state.repetitions = static_cast<int>(json.at("repetitions").integer(1, 1000));
  state.good_value = json.at("good_value").number();
  state.bad_value = json.at("bad_value").number();
  for (const auto& one : json.at("tried").elements()) {
    Tried tried{.commit = one.at("commit").text(),
                .finding = finding_of(one.at("finding")),
                .value = {},
                .why = one.at("why").text()};
    if (const auto value = one.find("value")) tried.value = value->number();
    state.tried.push_back(std::move(tried));
  }
  return state;
}

}  // namespace

BisectionFolder::BisectionFolder(const Repository& repository)
    : repository_(repository), folder_(repository.common_folder() / "soak-bisect") {}

std::optional<BisectionState> BisectionFolder::saved() const {
  const auto file = folder_ / "state.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const auto origin = file.string();
  const auto document = record::parse_document(read_file(file, record::largest_file_bytes), origin);
  return state_of(record::JsonSpot(document, origin));
}

void BisectionFolder::save(const BisectionState& state) const {
  fs::create_directories(folder_);
  write_atomically(folder_ / "state.json", json_of(state).dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void BisectionFolder::make_tree(const std::string& commit) const {
  fs::create_directories(logs());
  if (fs::exists(tree() / ".git")) return;
  repository_.git({"worktree", "prune"});
  repository_.git({"worktree", "add", "--detach", "--force", tree().string(), commit});
}

void BisectionFolder::remove() const {
  std::error_code ignored;
  if (fs::exists(tree(), ignored)) {
    try {
      repository_.git({"worktree", "remove", "--force", "--force", tree().string()});
    } catch (const std::exception&) {
      // Half-made: git knows nothing of it, so the folder goes like any other.
    }
  }
  fs::remove_all(folder_);
  repository_.git({"worktree", "prune"});
}

}  // namespace soak::history
