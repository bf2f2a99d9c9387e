using System.Reflection.Metadata;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>The full names of types in metadata, with <c>+</c> before a nested type.</summary>
internal static class TypeNames
{
    public static string Of(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        TypeDefinitionHandle outer = type.GetDeclaringType();
        return outer.IsNil
            ? Join(reader, type.Namespace, type.Name)
            : $"{Of(reader, outer)}+{reader.GetString(type.Name)}";
    }

    public static string Of(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? $"{Of(reader, (TypeReferenceHandle)type.ResolutionScope)}+{reader.GetString(type.Name)}"
            : Join(reader, type.Namespace, type.Name);
    }

    public static string Of(MetadataReader reader, ExportedTypeHandle handle)
    {
        ExportedType type = reader.GetExportedType(handle);
        return type.Implementation.Kind is HandleKind.ExportedType
            ? $"{Of(reader, (ExportedTypeHandle)type.Implementation)}+{reader.GetString(type.Name)}"
            : Join(reader, type.Namespace, type.Name);
    }

    private static string Join(MetadataReader reader, StringHandle ns, StringHandle name) =>
        ns.IsNil ? reader.GetString(name) : $"{reader.GetString(ns)}.{reader.GetString(name)}";
}
