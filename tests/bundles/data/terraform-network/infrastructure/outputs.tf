output "network_id" {
  value = aws_vpc.network.id
}
