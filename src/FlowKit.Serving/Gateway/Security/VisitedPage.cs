namespace FlowKit.Serving.Gateway.Security;

/// <summary>Marks a page that a link of another site may lead to: it only shows itself.</summary>
internal sealed class VisitedPage
{
    public static VisitedPage Instance { get; } = new();
}
