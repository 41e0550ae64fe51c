"""Six journey maps to start from: believable first drafts, meant to be corrected by what customers say."""

from handlers.templates.b2b_sale import B2B_SALE
from handlers.templates.ecommerce_purchase import ECOMMERCE_PURCHASE
from handlers.templates.restaurant_visit import RESTAURANT_VISIT
from handlers.templates.retail_visit import RETAIL_VISIT
from handlers.templates.saas_onboarding import SAAS_ONBOARDING
from handlers.templates.shape import Template
from handlers.templates.support_case import SUPPORT_CASE

__all__ = ["TEMPLATES", "Template", "template"]

TEMPLATES: tuple[Template, ...] = (
    SAAS_ONBOARDING,
    ECOMMERCE_PURCHASE,
    B2B_SALE,
    SUPPORT_CASE,
    RETAIL_VISIT,
    RESTAURANT_VISIT,
)


def template(slug: str) -> Template | None:
    """The template of that slug, or None."""
    return next((found for found in TEMPLATES if found.slug == slug), None)
