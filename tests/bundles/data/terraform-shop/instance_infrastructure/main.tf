resource "aws_sqs_queue" "orders" {
  name = var.service_instance.inputs.image
}
