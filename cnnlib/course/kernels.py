"""What is written between a notebook and its kernel is encrypted, wherever the installed libraries can do it.

Both sides are on this machine, but other users of it could listen. ipykernel 7.4 warns of that in the terminal
at every notebook that is opened, and jupyter_client 8.10 brought the means.
"""


def encryption() -> dict[str, dict[str, str]]:
    """Settings of Jupyter's KernelManager, class by class; empty with older versions."""
    import zmq
    from jupyter_client import KernelManager

    able = "transport_encryption" in KernelManager.class_trait_names() and zmq.has("curve")
    return {"KernelManager": {"transport_encryption": "auto"}} if able else {}
