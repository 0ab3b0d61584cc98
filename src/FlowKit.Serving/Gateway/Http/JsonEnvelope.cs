using System.Text.Json;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Tells a request's envelope from a document that stands alone.</summary>
internal static class JsonEnvelope
{
    /// <summary>Tells whether a body has its documents under <c>data</c>.</summary>
    /// <param name="utf8">The whole body.</param>
    public static bool IsIn(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return true;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (isData)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
