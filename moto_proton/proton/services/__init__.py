"""Services, their instances and pipelines, and the workflows that change them."""
