resource "aws_vpc" "network" {
  cidr_block = var.environment.inputs.cidr
}

output "NetworkId" {
  value = aws_vpc.network.id
}
