resource "aws_codebuild_project" "build" {
  name = var.pipeline.inputs.dockerfile
}
