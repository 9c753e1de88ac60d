resource "aws_sqs_queue" "orders" {
  name = "${var.service.name}-${var.service_instance.name}"
}

output "OrdersQueueUrl" {
  value = aws_sqs_queue.orders.url
}
