package main

import (
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

const (
	codecEncoding = "binary/extstore-interop"
	codecKey      = 0x5A
)

// xorCodec puts the whole payload, XORed byte by byte, into a payload of its own.
type xorCodec struct{}

func (xorCodec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	encoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		bytes, err := proto.Marshal(payload)
		if err != nil {
			return nil, err
		}
		encoded[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(codecEncoding)},
			Data:     xored(bytes),
		}
	}
	return encoded, nil
}

func (xorCodec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	decoded := make([]*commonpb.Payload, len(payloads))
	for i, payload := range payloads {
		decoded[i] = payload
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != codecEncoding {
			continue
		}
		decoded[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(xored(payload.GetData()), decoded[i]); err != nil {
			return nil, err
		}
	}
	return decoded, nil
}

func xored(bytes []byte) []byte {
	turned := make([]byte, len(bytes))
	for i, b := range bytes {
		turned[i] = b ^ codecKey
	}
	return turned
}

func dataConverter(codec string) converter.DataConverter {
	if codec == "xor" {
		return converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), xorCodec{})
	}
	return converter.GetDefaultDataConverter()
}
