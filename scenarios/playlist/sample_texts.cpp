#include <array>
#include <playlist/sample_texts.hpp>
#include <string_view>

namespace playlist {
namespace {

using namespace std::string_view_literals;

constexpr auto openings =
    std::to_array({"How to repair"sv, "A walk through"sv, "Die Geschichte von"sv, "Les secrets de"sv, "Как устроен"sv,
                   "はじめての"sv, "كيف تعمل"sv, "여름의"sv, "\"Live\": "sv, "Cómo cuidar"sv, "Πώς φτιάχνεται"sv,
                   "\U0001F3B8 Session:"sv});

constexpr auto subjects = std::to_array(
    {"an old bicycle"sv, "the night market"sv, "Müller & Söhne"sv, "l'été à Nîmes"sv, "паровой двигатель"sv,
     "ラーメン作り"sv, "الساعات القديمة"sv, "바다 기차"sv, "AC/DC wiring"sv, "C:\\drive*?"sv, "e\u0301clairs"sv,
     "\U0001F469\u200D\U0001F373 family kitchen"sv, "plants <indoors>"sv});

constexpr auto endings = std::to_array({""sv, " (part 2)"sv, " | full talk"sv, " – 4K"sv, " #shorts"sv, "..."sv,
                                        " \U0001F525\U0001F525"sv, " [remastered]"sv, " / Teil 1"sv});

constexpr auto sentences = std::to_array(
    {"We tried this for a whole week, and it rained on every single day."sv,
     "Chapters:\n00:00 Intro\n02:31 What you need\n09:48 The tricky part"sv,
     "Vielen Dank für eure Geduld; die Stückliste steht unten."sv, "Музыка записана на месте, без обработки."sv,
     "撮影は四月の朝に行いました。"sv, "Links and measurements: https://example.org/notes?id=42&lang=en"sv,
     "Merci à toutes celles et ceux qui ont porté les caméras jusqu'en haut !"sv,
     "Tags: diy, \"slow tv\", tools\\jigs \U0001F6E0\uFE0F"sv});

constexpr auto uploaders = std::to_array({"Workshop at Dawn"sv, "Łódź Cycling Club"sv, "山の台所"sv, "Ёлка Records"sv,
                                          "DJ \U0001F431"sv, "Universität, 3. Stock"sv});

}  // namespace

std::string sample_title(Dice& dice) {
  std::string title(dice.pick(openings));
  title += ' ';
  title += dice.pick(subjects);
  return title += dice.pick(endings);
}

std::string sample_description(Dice& dice) {
  std::string text;
  for (auto count = dice.between(2, 4); count > 0; --count) {
    text += dice.pick(sentences);
    text += '\n';
  }
  return text;
}

std::string sample_uploader(Dice& dice) { return std::string(dice.pick(uploaders)); }

std::string sample_video_id(Dice& dice) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  constexpr std::size_t length = 11;
  std::string id;
  while (id.size() < length) id += alphabet[static_cast<std::size_t>(dice.below(alphabet.size()))];
  return id;
}

}  // namespace playlist
