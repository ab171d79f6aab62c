package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"go.temporal.io/sdk/contrib/aws/s3driver"
	"go.temporal.io/sdk/contrib/aws/s3driver/awssdkv2"
	"go.temporal.io/sdk/converter"
)

// externalStorage is the official S3 driver, with credentials from the environment.
func externalStorage(ctx context.Context, endpoint, bucket string) (converter.ExternalStorage, error) {
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return converter.ExternalStorage{}, err
	}
	client := s3.NewFromConfig(loaded, func(options *s3.Options) {
		options.BaseEndpoint = aws.String(endpoint)
		options.UsePathStyle = true
	})
	driver, err := s3driver.NewDriver(s3driver.Options{
		Client: awssdkv2.NewClient(client),
		Bucket: s3driver.StaticBucket(bucket),
	})
	if err != nil {
		return converter.ExternalStorage{}, err
	}
	return converter.ExternalStorage{Drivers: []converter.StorageDriver{driver}}, nil
}
