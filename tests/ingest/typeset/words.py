"""Invented sentences in five languages, of invented organizations, as many as a test asks for and always the same."""

from __future__ import annotations

import random
from collections.abc import Sequence

_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        (
            "The Example Coalition",
            "A resident of Northvale",
            "The long-term working group",
            "Every receiving office",
            "The gender-neutral wording of article 4",
            "Under the principle of non-refoulement, the court",
            "The Sample Federation of Harbour Workers",
            "Our co-operation agreement of 2011",
            "The final draft",
        ),
        (
            "recommends",
            "officially acknowledges",
            "has repeatedly questioned",
            "cannot finance",
            "describes",
            "strengthens",
            "should reconsider",
            "has been coordinating",
            "offers",
        ),
        (
            "the portability of social entitlements",
            "an affordable and transparent procedure",
            "the institutional responsibility of the municipality",
            "efficient identification of qualifications",
            "well-founded safeguards for seasonal employment",
            "the 18 first-line consultation centres",
            "a decision-making process without discrimination",
            "the unofficial figures of 1 204 families",
        ),
        (
            "before the end of the reporting period",
            "in close co-operation with self-employed interpreters",
            "regardless of nationality or administrative status",
            "as the evaluation of 14 March 2009 had shown",
            "while difficult questions of financing remain unresolved",
            "(see the annex, pp. 12-15)",
            "for those who arrived after the flooding of the Elder valley",
            "to the satisfaction of both parties",
        ),
    ),
    "fr": (
        (
            "La Coalition d’exemple",
            "Le groupe de travail permanent",
            "Chaque bureau d’accueil de Valbrune",
            "L’Association fictive des travailleurs du port",
            "Le rez-de-chaussée de l’immeuble administratif",
            "Aujourd’hui encore, le sous-comité",
            "L’évaluation indépendante de 2012",
        ),
        (
            "recommande",
            "reconnaît officiellement",
            "n’a pas remis en question",
            "renforce",
            "décrit",
            "ne finance plus",
        ),
        (
            "la transférabilité des prestations sociales",
            "une procédure transparente et abordable",
            "la responsabilité institutionnelle de la commune",
            "l’identification des qualifications étrangères",
            "des garanties suffisantes pour l’emploi saisonnier",
            "le vis-à-vis des autorités compétentes",
        ),
        (
            "avant la fin de la période considérée",
            "en étroite coopération avec les interprètes indépendants",
            "quels que soient la nationalité ou le statut",
            "bien que des difficultés de financement subsistent",
            "pour les familles arrivées après les inondations",
            "à la satisfaction des deux parties",
        ),
    ),
    "es": (
        (
            "La Coalición de ejemplo",
            "El grupo de trabajo permanente",
            "Cada oficina de acogida de Valdeluz",
            "La Federación ficticia de estibadores",
            "La evaluación independiente de 2012",
            "El subcomité técnico",
        ),
        ("recomienda", "reconoce oficialmente", "no ha cuestionado", "fortalece", "describe", "ya no financia"),
        (
            "la portabilidad de las prestaciones sociales",
            "un procedimiento transparente y asequible",
            "la responsabilidad institucional del municipio",
            "la identificación de las cualificaciones extranjeras",
            "garantías suficientes para el empleo estacional",
            "los dieciocho centros de información",
        ),
        (
            "antes de que concluya el período examinado",
            "en estrecha cooperación con los intérpretes",
            "con independencia de la nacionalidad o la situación",
            "aunque subsistan dificultades de financiación",
            "para las familias que llegaron después de las inundaciones",
            "a satisfacción de ambas partes",
        ),
    ),
    "ar": (
        (
            "يوصي التحالف المثالي",
            "تقترح لجنة العمل الدائمة",
            "يؤكد مكتب الاستقبال في وادي النور",
            "تدعم الرابطة المتخيلة",
        ),
        ("بتحسين", "بمراجعة", "بتنظيم", "بتطوير"),
        ("إجراءات التسجيل الواضحة", "خدمات الترجمة المستقلة", "حقوق العمال الموسميين", "مسؤولية البلدية عن السكن"),
        ("قبل نهاية الفترة المشمولة بالتقرير", "بالتعاون مع الأسر القادمة بعد الفيضان", "مهما كانت الجنسية أو الوضع"),
    ),
    "zh": (
        ("示例联盟", "常设工作组", "河谷市接待办公室", "虚构的港口工人联合会"),
        ("建议改进", "正式承认", "没有质疑", "决定加强", "不再资助"),
        ("社会保障权益的可携带性", "透明而负担得起的程序", "市政当局的机构责任", "外国资格的认定工作"),
        ("在报告所述期间结束之前", "不论国籍或身份如何", "并与独立口译员密切合作", "以便二〇一二年以后抵达的家庭受益"),
    ),
}
_STOP = {"zh": "。"}
_SPACE = {"zh": ""}
_COMMA = {"zh": "，", "ar": "، "}


class Words:
    """A source of sentences in one language; the same seed gives the same ones."""

    def __init__(self, language: str, seed: int = 1) -> None:
        self.language = language
        self._random = random.Random(f"{language} {seed}")  # noqa: S311 (layout, not secrets)
        self._parts = _PARTS[language]

    def sentence(self) -> str:
        """One sentence."""
        space = _SPACE.get(self.language, " ")
        subject, verb, matter, tail = (self._pick(part) for part in self._parts)
        words = space.join((subject, verb, matter))
        if self._random.random() < 0.7:
            words += (_COMMA.get(self.language, ", ") if self._random.random() < 0.4 else space) + tail
        return words + _STOP.get(self.language, ".")

    def sentences(self, least: int, most: int) -> str:
        """Between `least` and `most` sentences."""
        space = _SPACE.get(self.language, " ")
        return space.join(self.sentence() for _ in range(self._random.randint(least, most)))

    def title(self) -> str:
        """Words for a heading, without a full stop."""
        matter = self._pick(self._parts[2])
        return matter[:1].upper() + matter[1:]

    def chance(self, part: float) -> bool:
        """Whether something happens that happens in `part` of all cases."""
        return self._random.random() < part

    def _pick(self, choices: Sequence[str]) -> str:
        return self._random.choice(choices)
