using FlowKit.Wire.Proto.V1;

namespace FlowKit.Wire.Proto;

/// <summary>One document in either dialect.</summary>
internal static class DocumentCodec
{
    public static Document Read(ref ProtoReader reader, DocArrayDialect dialect) =>
        DocumentProtoReader.Read(ref reader);

    public static void Write(ref ProtoWriter writer, Document document, DocArrayDialect dialect) =>
        DocumentProtoWriter.Write(ref writer, document);
}
