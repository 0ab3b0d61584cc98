namespace FlowKit.Executors;

/// <summary>The part that is embedded of a document that has both a text and a picture.</summary>
public enum ContentPreference
{
    /// <summary>The text, as in clip-as-service.</summary>
    Text,

    /// <summary>The picture, as in Jina's CLIPEncoder.</summary>
    Image,
}
