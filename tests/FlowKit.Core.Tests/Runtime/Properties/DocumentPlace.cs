using System.Globalization;

namespace FlowKit.Runtime.Properties;

/// <summary>Which drawn document a document is, by its id.</summary>
/// <param name="Request">The request's number.</param>
/// <param name="Index">Its place in the request.</param>
internal readonly record struct DocumentPlace(int Request, int Index)
{
    public string Id => $"{Request}.{Index}";

    public static DocumentPlace Of(Document document)
    {
        var id = document.Id.AsSpan();
        var dot = id.IndexOf('.');
        return new DocumentPlace(int.Parse(id[..dot], CultureInfo.InvariantCulture), int.Parse(id[(dot + 1)..], CultureInfo.InvariantCulture));
    }
}
