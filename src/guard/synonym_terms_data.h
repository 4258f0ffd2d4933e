// What has two names: abbreviations, lay and learned words, British and American ones. One group a
// string; "_" joins the words of a phrase, as in synonyms_data.h.
#ifndef SEMCACHED_GUARD_SYNONYM_TERMS_DATA_H_
#define SEMCACHED_GUARD_SYNONYM_TERMS_DATA_H_

#include <string_view>

namespace semcached::guard {

// clang-format off
inline constexpr std::string_view kSynonymousTerms[] = {
    // Computing.
    "cert certificate", "prod production", "py python", "rails ruby_on_rails",
    "vscode vs_code visual_studio_code", "regex regexp regular_expression", "func function", "ptr pointer",
    "stack_trace traceback stacktrace", "oop object_oriented_programming",
    "subclass derived_class child_class", "superclass base_class parent_class",
    "ternary_operator conditional_operator", "newline line_break linebreak", "curly_brace curly_bracket",
    "checkbox check_box tick_box", "autocomplete auto_complete autocompletion", "subdirectory subfolder",
    "symlink symbolic_link soft_link", "uuid guid", "vm virtual_machine", "aws amazon_web_services",
    "env_var environment_variable env_variable", "authn authentication",
    "authz authorization authorisation", "vpn virtual_private_network", "llm large_language_model",
    "nlp natural_language_processing", "pk primary_key", "fk foreign_key",
    "subquery nested_query inner_query", "deduplicate dedupe remove_duplicates", "dataframe data_frame",
    "stdev standard_deviation",
    // Shops and money.
    "coupon promo_code discount_code voucher_code coupon_code promotional_code", "out_of_stock sold_out",
    "faulty defective", "charged_twice double_charged billed_twice", "cart basket",
    "postcode zip_code zipcode postal_code", "mailing_address postal_address",
    "helpdesk help_desk service_desk",
    "otp one_time_password one_time_passcode",
    "expiry expiration", "authentic genuine", "eta estimated_time_of_arrival",
    "atm cash_machine cashpoint", "roi return_on_investment",
    "vat value_added_tax", "fiscal_year financial_year", "sole_trader sole_proprietor",
    "payslip pay_stub paystub", "shareholder stockholder",
    "forex foreign_exchange",
    "income_statement profit_and_loss profit_and_loss_statement",
    "take_home_pay net_pay", "gdp gross_domestic_product",
    "gcd gcf hcf greatest_common_divisor greatest_common_factor highest_common_factor",
    "lcm least_common_multiple lowest_common_multiple",
    // Law and work.
    "oral_agreement verbal_agreement", "oral_contract verbal_contract", "dismiss fire sack",
    "parking_ticket parking_fine",
    "nda confidentiality_agreement", "poa power_of_attorney",
    "prenup prenuptial_agreement", "plaintiff claimant", "alimony spousal_support spousal_maintenance",
    "child_support child_maintenance", "drunk_driving drink_driving",
    "terms_of_service terms_and_conditions terms_of_use tos", "made_redundant laid_off",
    "resign quit step_down", "llc limited_liability_company",
    // Bodies and medicine.
    "breastfeed breastfeeding lactating", "heart_attack myocardial_infarction",
    "blood_sugar blood_glucose",
    "shortness_of_breath breathlessness dyspnea trouble_breathing difficulty_breathing",
    "nearsighted nearsightedness myopia shortsighted myopic", "chickenpox chicken_pox varicella",
    "whooping_cough pertussis", "shingles herpes_zoster", "mononucleosis glandular_fever",
    "uti urinary_tract_infection", "ibs irritable_bowel_syndrome", "bad_breath halitosis",
    "nosebleed epistaxis nose_bleed", "hives urticaria", "itch itchy pruritus", "vomit puke", 
    "diarrhea diarrhoea", "menstrual_cramps period_pain period_cramps dysmenorrhea",
    "pink_eye conjunctivitis pinkeye", "hay_fever allergic_rhinitis", "hemorrhoid haemorrhoid",
    "adrenaline epinephrine", "painkiller analgesic pain_reliever", "blood_thinner anticoagulant",
    "birth_control contraception contraceptive", "c_section cesarean caesarean",
    "side_effect adverse_effect", "over_the_counter otc", "gp general_practitioner family_doctor",
    "emergency_room emergency_department", "kneecap patella", "windpipe trachea", 
    "sunscreen sunblock sun_cream", "ecg ekg electrocardiogram", "sick ill unwell",
    "sweat perspire perspiration", "pee urinate",
    // Mathematics and science.
    "det determinant", "antiderivative indefinite_integral",
    "gcd greatest_common_divisor hcf highest_common_factor greatest_common_factor gcf",
    "lcm least_common_multiple lowest_common_multiple", "voltage potential_difference",
    "natural_log natural_logarithm ln", "factorise factorize factor",
    "dot_product scalar_product", "cross_product vector_product", "pythagorean_theorem pythagoras_theorem",
    "vertex vertices",
    // Travel.
    "layover stopover", "luggage baggage",
    "hand_luggage carry_on cabin_baggage hand_baggage carry_on_luggage",
    "checked_baggage hold_luggage checked_luggage", "boarding_pass boarding_card",
    "car_rental car_hire",
    "driving_licence driving_license drivers_license driver_license", "petrol gasoline",
    "petrol_station gas_station filling_station", "car_park parking_lot", "train_station railway_station",
    "subway_station metro_station", "timetable schedule", "license_plate number_plate licence_plate registration_plate",
    // Home and cooking.
    "air_conditioner air_conditioning aircon", "stove hob stovetop cooktop", "courgette zucchini",
    "arugula rocket", "spring_onion scallion green_onion", "bell_pepper capsicum sweet_pepper",
    "chickpea garbanzo", "beetroot beet",
    "icing_sugar powdered_sugar confectioners_sugar", "plain_flour all_purpose_flour",
    "ground_beef minced_beef", "frying_pan skillet", "cling_film plastic_wrap", "bbq barbecue barbeque",
    "canned tinned", "defrost thaw", "takeaway takeout", "decaf decaffeinated", "vacuum_cleaner hoover",
    "tap faucet", "sofa couch settee", "unclog unblock",
    "power_cut power_outage", "electrical_outlet wall_socket power_socket power_outlet", "mold mould",
    "rotten spoiled gone_bad gone_off", "tbsp tablespoon", "tsp teaspoon", "rubbish trash",
    "trash_can dustbin garbage_can rubbish_bin", "nappy diaper", "pushchair stroller", "pavement sidewalk",
    "lorry truck", "windscreen windshield", "spanner wrench",
    "estate_agent real_estate_agent realtor", "pajamas pyjamas",
    "flavor flavour", "behavior behaviour", "neighbor neighbour", "meter metre",
    "license licence", "jewelry jewellery", "customize customise personalize personalise",
    // Names of all kinds.
    "cv resume résumé curriculum_vitae", "shake vibrate", "spoil go_bad", "extinct die_out",
    "primary_school elementary_school", "ussr soviet_union",
    "northern_lights aurora_borealis",
    "killer_whale orca", "table_tennis ping_pong", "native_language mother_tongue",
    "daylight_saving_time daylight_savings_time dst",
    "surname last_name family_name",
    "first_name given_name forename", "date_of_birth dob birth_date", "rephrase reword paraphrase",
    "summarize summarise", "full_stop period", "exclamation_mark exclamation_point",
    "coworker co_worker colleague", "usb_stick flash_drive thumb_drive usb_drive pen_drive memory_stick",
    "hard_drive hard_disk hdd", "gpu graphics_card video_card",
    "airplane_mode flight_mode", "private_browsing incognito", "grandma grandmother granny",
    "grandpa grandfather granddad", "roommate flatmate housemate", "teenager teen adolescent",
    "compulsory mandatory obligatory", "enough sufficient adequate", "manually by_hand",
    "disassemble take_apart dismantle", "outdated out_of_date", "sin sine", "formula formulae",
};
// clang-format on

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SYNONYM_TERMS_DATA_H_
