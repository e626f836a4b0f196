"""The thirty checks of security, after ASVS 5.0: which tests hold each, or why it has no object yet.

`pytest -m securite` plays them all: a test named here gets the mark (tests/conftest.py); a file alone is every test of
it. One that is renamed or gone fails `test_controles.py`.
"""

from typing import NamedTuple


class Controle(NamedTuple):
    asvs: str
    quoi: str
    tests: tuple[str, ...] = ()
    reste: str = ""  # what does not apply yet, and why


DEPOT = "tests/medias/test_depot.py"
HTTP = "tests/securite/test_http.py"
CONNEXION = "tests/comptes/test_connexion.py"
INVITATIONS = "tests/comptes/test_invitations.py"
GABARITS = "tests/courrier/test_gabarits.py"
MEDIAS = "tests/fiches/test_medias.py"
CONTACTER = "tests/contacter/test_contacter.py"

CONTROLES: dict[int, Controle] = {
    1: Controle(
        "1.2.1",
        "what people type is inert wherever it is printed",
        (
            "tests/projets/test_prose.py",
            f"{HTTP}::test_a_payload_in_every_field_is_inert",
            f"{HTTP}::test_no_text_adds_a_line_to_a_calendar",
            "tests/labacces/test_schema.py::test_no_text_ends_the_data_that_hold_it",
            "tests/vues/test_integrer.py::test_what_people_typed_acts_in_no_frame",
            f"{GABARITS}::test_what_people_typed_acts_in_no_mail",
            "tests/participants/test_inscriptions.py::test_odd_names_are_people",
        ),
        "Atom and map popups are not printed by this version",
    ),
    2: Controle(
        "1.2.2",
        "no address that runs something",
        ("tests/projets/test_prose.py::test_other_addresses_stay_text", "tests/securite/test_liens.py"),
    ),
    3: Controle(
        "1.2.3",
        "no text ends a script",
        ("tests/test_consistency.py::test_pages_hold_no_style_and_no_script_of_their_own",),
    ),
    4: Controle(
        "1.2.4",
        "no input is a query",
        (
            "tests/projets/test_hostile.py",
            "tests/securite/test_attaques.py",
            "tests/fiches/test_recherche.py::test_no_text_is_syntax",
        ),
    ),
    5: Controle(
        "1.2.10",
        "no cell is a formula",
        (
            "tests/projets/test_csv.py::test_no_cell_of_the_file_for_spreadsheets_begins_like_a_formula",
            "tests/fiches/test_tableur_bureau.py::test_no_file_of_the_desk_holds_a_cell_that_a_spreadsheet_runs",
        ),
    ),
    6: Controle(
        "1.3.1",
        "no text is taken for markup: there is no rich text to clean",
        (f"{HTTP}::test_no_template_prints_markup_that_is_not_its_own", "tests/projets/test_prose.py"),
    ),
    7: Controle("1.3.6", "no request to inside addresses", ("tests/reprise/test_reseau.py",)),
    8: Controle(
        "1.3.11",
        "no line break makes a header",
        (
            "tests/courrier/test_outbox.py::test_a_line_break_makes_no_header",
            "tests/courrier/test_mailboxes.py",
            f"{GABARITS}::test_what_people_typed_acts_in_no_mail",
            "tests/courrier/test_outbox.py::test_an_answer_goes_where_the_mail_says",
            f"{CONTACTER}::test_an_address_that_no_answer_reaches_is_said_and_makes_no_header",
        ),
    ),
    9: Controle(
        "1.3.12",
        "long texts cost little",
        (
            "tests/securite/test_expressions.py",
            "tests/fiches/test_texte.py::test_masking_is_linear",
            "tests/projets/test_prose.py::test_very_long_lines_cost_no_more_than_their_length",
            f"{HTTP}::test_looking_for_a_person_in_a_long_text_costs_no_more_than_its_length",
        ),
    ),
    10: Controle(
        "1.5.1",
        "no entity bomb",
        (
            "tests/fiches/test_tableur_bornes.py::test_a_bomb_is_refused_at_once_and_within_memory",
            "tests/fiches/test_tableur_bornes.py::test_what_is_no_table_is_refused_in_words",
            f"{HTTP}::test_xml_is_read_by_one_bounded_reader",
        ),
    ),
    11: Controle(
        "2.2.1-2",
        "odd forms get words, never a 500",
        (f"{HTTP}::test_an_odd_form_is_answered_in_words", "tests/securite/test_refus.py"),
    ),
    12: Controle(
        "2.3.3-4",
        "all or nothing",
        (
            "tests/labacces/test_kill.py",
            "tests/courrier/test_kill.py",
            "tests/courrier/test_outbox.py::test_it_is_rolled_back_with_the_change",
            "tests/participants/test_places.py::test_seats_hold_whatever_happens",
            "tests/participants/test_places_concurrence.py",
        ),
    ),
    13: Controle(
        "2.4.1",
        "who posts too much is slowed, others are served",
        (
            f"{CONNEXION}::test_who_is_refused_locks_nobody_else_out_and_not_for_ever",
            f"{INVITATIONS}::test_nobody_is_flooded",
            "tests/participants/test_indesirables.py",
            "tests/participants/test_inscriptions.py"
            "::test_a_flood_is_refused_with_what_was_typed_and_others_are_served",
            f"{CONTACTER}::test_no_mailbox_is_flooded",
        ),
    ),
    14: Controle("3.2.1", "an upload opens nothing", (f"{MEDIAS}::test_only_sound_and_pictures_open_in_the_browser",)),
    15: Controle(
        "3.3.1-4",
        "cookies: few, named and flagged",
        (
            f"{HTTP}::test_production_sends_safe_cookies_over_https_only",
            "tests/test_consistency.py::test_reading_sets_no_cookie_and_writes_nothing",
        ),
    ),
    16: Controle(
        "3.4.1",
        "HSTS for a year, further only by setting",
        (
            f"{HTTP}::test_production_sends_safe_cookies_over_https_only",
            f"{HTTP}::test_what_binds_other_sites_of_the_domain_is_the_operator_s_to_ask",
        ),
    ),
    17: Controle(
        "3.4.3, 3.4.6",
        "a strict policy, at the desk too",
        (f"{HTTP}::test_every_answer_has_its_headers", f"{CONNEXION}::test_the_qr_code_obeys_the_policy_of_the_site"),
    ),
    18: Controle(
        "3.4.4-5", "nosniff and referrer policy on every answer", (f"{HTTP}::test_every_answer_has_its_headers",)
    ),
    19: Controle(
        "3.5.1, 3.5.3",
        "reading writes nothing, writing needs a token",
        (
            "tests/test_consistency.py::test_reading_sets_no_cookie_and_writes_nothing",
            f"{HTTP}::test_a_post_without_token_is_refused",
        ),
    ),
    20: Controle(
        "3.7.2",
        "no way out by next=",
        (
            f"{CONNEXION}::test_where_one_goes_after_the_code_is_on_the_site",
            f"{HTTP}::test_logging_in_leads_nowhere_else",
        ),
    ),
    21: Controle(
        "4.1.3, 15.3.4",
        "forged forwarding headers change nothing",
        (
            f"{HTTP}::test_forged_headers_change_nothing",
            f"{CONNEXION}::test_an_address_told_by_the_visitor_counts_only_behind_the_proxy",
            "tests/vie_privee/test_empreintes.py",
        ),
    ),
    22: Controle(
        "5.2.1-3",
        "uploads: size, name and content",
        (
            f"{DEPOT}::test_a_file_of_another_kind_under_that_name_is_refused",
            f"{DEPOT}::test_no_content_breaks_a_door",
            f"{DEPOT}::test_macros_are_refused_by_what_the_document_holds",
            f"{DEPOT}::test_files_of_a_request_share_one_budget_in_their_order",
            "tests/medias/test_bombes.py",
            "tests/medias/test_portes.py",
        ),
        "spreadsheets: check 10",
    ),
    23: Controle(
        "5.3.2, 5.4.1-2",
        "no path leads out",
        (
            f"{MEDIAS}::test_no_path_leads_out_even_if_a_record_names_it",
            f"{MEDIAS}::test_encoded_paths_are_no_way_out",
            f"{MEDIAS}::test_a_file_name_with_accents_is_kept",
        ),
    ),
    24: Controle("6.2.1, .4, .9", "passwords: long, uncommon, any characters", (INVITATIONS,)),
    25: Controle("6.3.1, 6.3.3, 6.5.1", "guessing is slowed, a second factor serves once", (CONNEXION,)),
    26: Controle(
        "6.3.8, 6.4.3",
        "nobody learns who has an account; a reset skips no factor",
        (
            f"{CONNEXION}::test_a_wrong_name_and_a_wrong_password_read_the_same",
            f"{INVITATIONS}::test_the_answer_is_the_same_whoever_asks",
            f"{INVITATIONS}::test_the_answer_takes_the_same_time_whoever_asks",
            f"{INVITATIONS}::test_a_forgotten_password_is_changed_by_mail_and_the_second_factor_is_still_asked",
        ),
    ),
    27: Controle("7.2.4, 7.3.1-2, 7.4.1-2", "sessions begin anew and end", (CONNEXION,)),
    28: Controle(
        "8.2.1-3, 15.3.1, 15.3.3",
        "who reaches what",
        (
            "tests/comptes/test_droits.py",
            f"{HTTP}::test_every_address_of_the_desk_is_closed_to_visitors",
            f"{HTTP}::test_fields_that_no_form_shows_are_ignored",
            "tests/fiches/test_confidentiel_pages.py",
            *(
                f"tests/vie_privee/test_{what}.py"
                for what in ("consentement", "erasure_list", "horloge", "personnes", "conservation")
            ),
        ),
    ),
    29: Controle(
        "9.1.1, 9.2.1-2, 14.2.1",
        "signed links",
        (
            "tests/courrier/test_liens.py",
            "tests/labacces/test_site_log.py::test_the_log_leaves_persons_links_and_questions_out",
            "tests/labacces/test_site_log.py::test_so_it_does_of_tracebacks",
            f"{INVITATIONS}::test_a_link_that_is_not_good_opens_nothing",
            f"{GABARITS}::test_each_link_of_a_mail_opens_and_its_button_works",
            "tests/courrier/test_liens_pages.py::test_reading_changes_nothing",
        ),
    ),
    30: Controle(
        "13.4.2, 14.3.2, 15.2.2, 16.3.1-2, 16.4.1, 16.5.1",
        "errors tell nothing, personal pages are not kept, refusals are logged on one line",
        (
            "tests/labacces/test_erreurs.py",
            f"{HTTP}::test_an_error_tells_nothing",
            "tests/test_consistency.py::test_nothing_keeps_what_staff_are_answered",
            f"{HTTP}::test_refusals_are_logged_on_one_line",
        ),
    ),
}
