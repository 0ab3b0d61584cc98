namespace FlowKit.Runtime;

/// <summary>What moves through the channels: a request with the documents of one of its branches.</summary>
internal sealed class RequestPart(FlowRequest request, DocumentArray documents)
{
    public FlowRequest Request { get; } = request;

    public DocumentArray Documents { get; set; } = documents;
}
