namespace FlowKit.Executors;

/// <summary>What counts of a document that has a text and a picture.</summary>
public enum ContentPreference
{
    /// <summary>The text, as in clip-as-service.</summary>
    Text,

    /// <summary>The picture, as in Jina's CLIPEncoder.</summary>
    Image,
}
