using FlowKit.Wire.Proto.V1;
using FlowKit.Wire.Proto.V2;

namespace FlowKit.Wire.Proto;

/// <summary>Reads and writes a document in either dialect.</summary>
internal static class DocumentCodec
{
    public static Document Read(ref ProtoReader reader, DocArrayDialect dialect) =>
        dialect == DocArrayDialect.V1 ? DocumentProtoReader.Read(ref reader) : DocProtoReader.Read(ref reader);

    public static void Write(ref ProtoWriter writer, Document document, DocArrayDialect dialect)
    {
        if (dialect == DocArrayDialect.V1)
        {
            DocumentProtoWriter.Write(ref writer, document);
        }
        else
        {
            DocProtoWriter.Write(ref writer, document);
        }
    }
}
