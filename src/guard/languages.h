// Word tables by language. All apply to every text, whatever its language: a word that is also an
// English one of another meaning ("die", "once", "sept") stays out.
#ifndef SEMCACHED_GUARD_LANGUAGES_H_
#define SEMCACHED_GUARD_LANGUAGES_H_

#include <absl/types/span.h>

#include <string_view>

#include "guard/negation_data.h"
#include "guard/number_words_data.h"
#include "guard/opposed_computing_data.h"
#include "guard/opposed_data.h"
#include "guard/opposed_everyday_data.h"
#include "guard/opposed_terms_data.h"
#include "guard/text.h"

namespace semcached::guard {

// clang-format off
inline constexpr std::string_view kGermanNegations[] = {"kein", "keine", "keinem", "keinen", "keiner", "keines", "nicht", "nie", "niemals", "niemand", "nirgends", "ohne", "weder"};
inline constexpr NumberWord kGermanNumberWords[] = {
    {"acht", NumberWordKind::kUnit, 8},
    {"achtzehn", NumberWordKind::kUnit, 18},
    {"drei", NumberWordKind::kUnit, 3},
    {"dreizehn", NumberWordKind::kUnit, 13},
    {"fünf", NumberWordKind::kUnit, 5},
    {"fünfzehn", NumberWordKind::kUnit, 15},
    {"neun", NumberWordKind::kUnit, 9},
    {"neunzehn", NumberWordKind::kUnit, 19},
    {"sechs", NumberWordKind::kUnit, 6},
    {"sechzehn", NumberWordKind::kUnit, 16},
    {"sieben", NumberWordKind::kUnit, 7},
    {"siebzehn", NumberWordKind::kUnit, 17},
    {"vier", NumberWordKind::kUnit, 4},
    {"vierzehn", NumberWordKind::kUnit, 14},
    {"zehn", NumberWordKind::kUnit, 10},
    {"zwanzig", NumberWordKind::kTen, 20},
    {"zwei", NumberWordKind::kUnit, 2},
    {"zwölf", NumberWordKind::kUnit, 12},
};
inline constexpr std::string_view kGermanOpposed[] = {
    "aktivieren aktiviere einschalten anschalten|deaktivieren deaktiviere ausschalten abschalten", "einschalten|ausschalten",
    "öffnen öffne|schließen schließe", "kaufen kaufe|verkaufen verkaufe", "aufsteigend aufsteigende|absteigend absteigende",
    "vor|nach", "erste ersten erster erstes|letzte letzten letzter letztes", "groß große größte|klein kleine kleinste",
    "hoch hohe hohen höchste|niedrig niedrige niedrigen niedrigste", "heute|morgen|gestern", "gut gute|schlecht schlechte",
    "warm|kalt", "links|rechts", "oben|unten", "mehr|weniger", "schnell schneller|langsam langsamer", "hinzufügen|entfernen löschen",
    "mieter|vermieter", "männer mann|frauen frau", "immer|manchmal", "alle|einige", "erhöhen|senken verringern", "anmelden|abmelden",
    "hochladen|herunterladen", "maximal maximum|minimal minimum", "innen|außen", "jung|alt", "leicht|schwer", "richtig|falsch",
};
inline constexpr std::string_view kSpanishNegations[] = {"jamás", "nadie", "ninguna", "ninguno", "ningún", "nunca", "sin", "tampoco"};
inline constexpr NumberWord kSpanishNumberWords[] = {
    {"catorce", NumberWordKind::kUnit, 14},
    {"cero", NumberWordKind::kUnit, 0},
    {"cinco", NumberWordKind::kUnit, 5},
    {"cuatro", NumberWordKind::kUnit, 4},
    {"diecinueve", NumberWordKind::kUnit, 19},
    {"dieciocho", NumberWordKind::kUnit, 18},
    {"diecisiete", NumberWordKind::kUnit, 17},
    {"dieciséis", NumberWordKind::kUnit, 16},
    {"diez", NumberWordKind::kUnit, 10},
    {"doce", NumberWordKind::kUnit, 12},
    {"nueve", NumberWordKind::kUnit, 9},
    {"ocho", NumberWordKind::kUnit, 8},
    {"seis", NumberWordKind::kUnit, 6},
    {"siete", NumberWordKind::kUnit, 7},
    {"trece", NumberWordKind::kUnit, 13},
    {"tres", NumberWordKind::kUnit, 3},
    {"veinte", NumberWordKind::kTen, 20},
};
inline constexpr std::string_view kSpanishOpposed[] = {
    "activar activo activa|desactivar desactivo desactiva", "encender enciendo enciende|apagar apago apaga", "abrir abro|cerrar cierro",
    "comprar compro|vender vendo", "ascendente|descendente", "antes|después", "primero primera primer|último última", "grande grandes|pequeño pequeña pequeños",
    "alto alta|bajo baja", "hoy|mañana|ayer", "bueno buena|malo mala", "caliente|frío fría", "izquierda|derecha", "arriba|abajo", "más|menos",
    "rápido rápida|lento lenta", "añadir agregar|eliminar quitar borrar", "hombre hombres|mujer mujeres", "siempre|nunca", "todos todas|algunos algunas",
    "aumentar|reducir disminuir", "máximo máxima|mínimo mínima", "subir|bajar", "dentro|fuera", "joven|viejo vieja", "fácil|difícil",
    "entrada|salida", "correcto|incorrecto", "norte|sur|este|oeste",
};
inline constexpr std::string_view kFrenchNegations[] = {"aucun", "aucune", "jamais", "pas", "sans"};
inline constexpr NumberWord kFrenchNumberWords[] = {
    {"cinq", NumberWordKind::kUnit, 5},
    {"deux", NumberWordKind::kUnit, 2},
    {"douze", NumberWordKind::kUnit, 12},
    {"huit", NumberWordKind::kUnit, 8},
    {"neuf", NumberWordKind::kUnit, 9},
    {"onze", NumberWordKind::kUnit, 11},
    {"quatorze", NumberWordKind::kUnit, 14},
    {"quatre", NumberWordKind::kUnit, 4},
    {"quinze", NumberWordKind::kUnit, 15},
    {"treize", NumberWordKind::kUnit, 13},
    {"trois", NumberWordKind::kUnit, 3},
    {"vingt", NumberWordKind::kTen, 20},
    {"zéro", NumberWordKind::kUnit, 0},
};
inline constexpr std::string_view kFrenchOpposed[] = {
    "activer active|désactiver désactive", "allumer allume|éteindre éteins", "ouvrir ouvre|fermer ferme", "acheter achète|vendre vends",
    "croissant|décroissant", "avant|après", "premier première|dernier dernière", "grand grande|petit petite", "haut haute élevé|bas basse",
    "aujourd'hui|demain|hier", "bon bonne|mauvais mauvaise", "chaud chaude|froid froide", "gauche|droite", "plus|moins", "rapide|lent lente",
    "ajouter|supprimer enlever", "homme hommes|femme femmes", "toujours|parfois", "tous toutes|quelques", "augmenter|réduire diminuer",
    "maximum|minimum", "monter|descendre", "dedans|dehors", "jeune|vieux vieille", "facile|difficile", "entrée|sortie", "nord|sud|ouest",
};
// clang-format on

struct Language {
  absl::Span<const std::string_view> negations;  // sorted
  absl::Span<const NumberWord> numbers;          // sorted by word
  absl::Span<const std::string_view> opposed;
};

inline constexpr Language kLanguages[] = {
    {kEnglishNegations, kEnglishNumberWords, kEnglishOpposed},
    {{}, {}, kEnglishOpposedComputing},
    {{}, {}, kEnglishOpposedTerms},
    {{}, {}, kEnglishOpposedEveryday},
    {kGermanNegations, kGermanNumberWords, kGermanOpposed},
    {kSpanishNegations, kSpanishNumberWords, kSpanishOpposed},
    {kFrenchNegations, kFrenchNumberWords, kFrenchOpposed},
};

// nullptr: no number word of any language.
const NumberWord* FindNumberWord(const Token& token);
const NumberWord* FindNumberWord(std::string_view word);

// Also whatever ends in "n't".
bool IsNegation(const Token& token);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_LANGUAGES_H_
