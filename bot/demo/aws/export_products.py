"""What the exports call a service: product code, product name and FOCUS's service categories.

Cost Explorer and the exports do not spell every service alike. Two differ here, as they do at AWS: Cost Explorer splits
EC2 in "Amazon Elastic Compute Cloud - Compute" and "EC2 - Other" where the exports know one product, and says "Amazon
Elastic Load Balancing" where they say "Elastic Load Balancing". `cost_explorer_service` leads back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.demo.aws import ledger_catalogue as catalogue
from bot.demo.aws.ledger_commitments import SAVINGS_PLANS
from bot.demo.aws.ledger_invoice import SUPPORT_SERVICE
from bot.demo.aws.planted_costs import NEW_SERVICE

TAX = "Tax"

#: Usage types of running (or reserved) instances: Cost Explorer's "Compute"; the rest of EC2 is "Other".
COMPUTE_USAGE = re.compile(
    r"(^|-)(BoxUsage|SpotUsage|HeavyUsage|DedicatedUsage|HostUsage|HostBoxUsage|ReservedHostUsage|UnusedBox|UnusedDed)(:|$)"
)


@dataclass(frozen=True, slots=True)
class Product:
    """One product.

    Attributes:
        code: the CUR's line_item_product_code and FOCUS's x_ServiceCode.
        name: the CUR's product name and FOCUS's ServiceName.
    """

    code: str
    name: str
    category: str
    subcategory: str


_EC2 = Product("AmazonEC2", "Amazon Elastic Compute Cloud", "Compute", "Virtual Machines")
_GOVERNANCE = "Management and Governance"

PRODUCTS: dict[str, Product] = {
    catalogue.COMPUTE: _EC2,
    catalogue.EC2_OTHER: _EC2,
    catalogue.RDS: Product("AmazonRDS", catalogue.RDS, "Databases", "Relational Databases"),
    catalogue.S3: Product("AmazonS3", catalogue.S3, "Storage", "Object Storage"),
    catalogue.CACHE: Product("AmazonElastiCache", catalogue.CACHE, "Databases", "Caching"),
    catalogue.CLOUDWATCH: Product("AmazonCloudWatch", catalogue.CLOUDWATCH, _GOVERNANCE, "Observability"),
    catalogue.VPC: Product("AmazonVPC", catalogue.VPC, "Networking", "Network Infrastructure"),
    catalogue.ELB: Product("AWSELB", "Elastic Load Balancing", "Networking", "Application Networking"),
    catalogue.ECS: Product("AmazonECS", catalogue.ECS, "Compute", "Containers"),
    catalogue.EKS: Product("AmazonEKS", catalogue.EKS, "Compute", "Containers"),
    catalogue.ECR: Product("AmazonECR", catalogue.ECR, "Compute", "Containers"),
    catalogue.LAMBDA: Product("AWSLambda", catalogue.LAMBDA, "Compute", "Serverless Compute"),
    catalogue.DYNAMODB: Product("AmazonDynamoDB", catalogue.DYNAMODB, "Databases", "NoSQL Databases"),
    catalogue.CLOUDFRONT: Product("AmazonCloudFront", catalogue.CLOUDFRONT, "Networking", "Content Delivery"),
    catalogue.SEARCH: Product("AmazonES", catalogue.SEARCH, "Analytics", "Search"),
    catalogue.REDSHIFT: Product("AmazonRedshift", catalogue.REDSHIFT, "Databases", "Data Warehouses"),
    catalogue.GLUE: Product("AWSGlue", catalogue.GLUE, "Analytics", "Data Processing"),
    catalogue.ATHENA: Product("AmazonAthena", catalogue.ATHENA, "Analytics", "Analytics Platforms"),
    catalogue.KINESIS: Product("AmazonKinesis", catalogue.KINESIS, "Analytics", "Streaming Analytics"),
    catalogue.SQS: Product("AWSQueueService", catalogue.SQS, "Integration", "Messaging"),
    catalogue.SNS: Product("AmazonSNS", catalogue.SNS, "Integration", "Messaging"),
    catalogue.EFS: Product("AmazonEFS", catalogue.EFS, "Storage", "File Storage"),
    catalogue.KMS: Product("awskms", catalogue.KMS, "Security", "Other (Security)"),
    catalogue.SECRETS: Product("AWSSecretsManager", catalogue.SECRETS, "Security", "Secret Management"),
    catalogue.ROUTE53: Product("AmazonRoute53", catalogue.ROUTE53, "Networking", "Network Routing"),
    catalogue.CLOUDTRAIL: Product("AWSCloudTrail", catalogue.CLOUDTRAIL, _GOVERNANCE, f"Other ({_GOVERNANCE})"),
    catalogue.GUARDDUTY: Product(
        "AmazonGuardDuty", catalogue.GUARDDUTY, "Security", "Threat Detection and Response"
    ),
    catalogue.CONFIG: Product("AWSConfig", catalogue.CONFIG, _GOVERNANCE, "Compliance"),
    catalogue.COST_EXPLORER: Product("AWSCostExplorer", catalogue.COST_EXPLORER, _GOVERNANCE, "Cost Management"),
    NEW_SERVICE.service: Product(
        "AmazonBedrock", NEW_SERVICE.service, "AI and Machine Learning", "Generative AI"
    ),
    SAVINGS_PLANS: Product("ComputeSavingsPlans", SAVINGS_PLANS, "Compute", "Other (Compute)"),
    SUPPORT_SERVICE: Product("AWSSupportBusiness", SUPPORT_SERVICE, _GOVERNANCE, "Support"),
}  # fmt: skip


def cost_explorer_service(product_code: str, product_name: str, usage_type: str | None, *, tax: bool) -> str:
    """Cost Explorer's SERVICE of a row of an export.

    Args:
        product_code: the CUR's `line_item_product_code`, FOCUS's `x_ServiceCode`.
        product_name: the CUR's `product['product_name']`, FOCUS's `ServiceName`.
        usage_type: the CUR's `line_item_usage_type`, FOCUS's `SkuMeter` (1.0: `x_UsageType`).
        tax: whether the CUR's line item type, or FOCUS's ChargeCategory, is Tax.
    """
    if tax:
        return TAX
    if product_code == _EC2.code:
        # A credit names no usage type; Cost Explorer counts it as compute.
        compute = usage_type is None or COMPUTE_USAGE.search(usage_type) is not None
        return catalogue.COMPUTE if compute else catalogue.EC2_OTHER
    return catalogue.ELB if product_code == PRODUCTS[catalogue.ELB].code else product_name
