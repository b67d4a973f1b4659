// Circular references: a tree whose children keep their parent alive, which keeps them alive.
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
struct Node {
  using ParentLink = std::conditional_t<twin == Twin::fixed, std::weak_ptr<Node>, std::shared_ptr<Node>>;

  explicit Node(std::string tag_name) : tag(std::move(tag_name)) {}

  std::string tag;
  ParentLink parent;
  std::vector<std::shared_ptr<Node>> children;
};

template <Twin twin>
void append_child(const std::shared_ptr<Node<twin>>& parent, const std::shared_ptr<Node<twin>>& child) {
  child->parent = parent;
  parent->children.push_back(child);
}

template <Twin twin>
std::shared_ptr<Node<twin>> parse_document() {
  const auto make_node = [](const char* tag) { return std::make_shared<Node<twin>>(tag); };  // leaks here
  const auto document = make_node("html");
  append_child(document, make_node("head"));
  append_child(document, make_node("body"));
  return document;
}

template <Twin twin>
void shared_cycle(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(parse_document<twin>());
}
LEAKY_TWINS(shared_cycle, 1000);

}  // namespace
}  // namespace leaky
