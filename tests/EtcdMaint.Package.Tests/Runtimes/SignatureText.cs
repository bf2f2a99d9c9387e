using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace EtcdMaint.Package.Tests.Runtimes;

/// <summary>
/// Writes a signature as text that does not depend on the assembly: two signatures are equal if their texts are. The
/// context holds the texts of the type arguments; without it, a type parameter is its number.
/// </summary>
internal sealed class SignatureText : ISignatureTypeProvider<string, ImmutableArray<string>>
{
    public static readonly SignatureText Provider = new();

    public static string Of(MethodSignature<string> method) =>
        $"{method.ReturnType} `{method.GenericParameterCount}({string.Join(", ", method.ParameterTypes)})";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        TypeNames.Of(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        TypeNames.Of(reader, handle);

    public string GetTypeFromSpecification(
        MetadataReader reader,
        ImmutableArray<string> genericContext,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{genericType}<{string.Join(", ", typeArguments)}>";

    public string GetGenericTypeParameter(ImmutableArray<string> genericContext, int index) =>
        genericContext.IsDefaultOrEmpty ? $"!{index}" : genericContext[index];

    public string GetGenericMethodParameter(ImmutableArray<string> genericContext, int index) => $"!!{index}";

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => $"function {Of(signature)}";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
        $"{unmodifiedType} {(isRequired ? "modreq" : "modopt")}({modifier})";
}
